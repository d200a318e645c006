/** What photos say about themselves, as rows: a row for each photo whose file was asked, tags in a table of their own. */
import type { ItemId } from '../../core/item.js';
import { NO_METADATA, type PhotoMetadata } from '../../core/photo-metadata.js';
import type { Database, Statement } from './database.js';

/** One row of `photo_metadata`; times in milliseconds UTC, offsets in minutes. */
export interface MetadataRow {
  readonly taken_at: number | null;
  readonly taken_offset: number | null;
  readonly camera: string | null;
  readonly lens: string | null;
  readonly iso: number | null;
  readonly aperture: number | null;
  readonly exposure_seconds: number | null;
  readonly focal_length: number | null;
  readonly latitude: number | null;
  readonly longitude: number | null;
  readonly altitude: number | null;
  readonly title: string | null;
  readonly description: string | null;
  readonly rating: number | null;
}

type TagKind = 'keyword' | 'person';

export interface TagRow {
  readonly kind: TagKind;
  readonly tag: string;
}

type Field = string | number | null;

/** What stands in which column. Bound by place: a statement that looks names up costs more than the row. */
const COLUMNS: readonly (readonly [keyof MetadataRow, (metadata: PhotoMetadata) => Field])[] = [
  ['taken_at', ({ takenAt }) => takenAt?.getTime() ?? null],
  ['taken_offset', ({ takenOffset }) => takenOffset],
  ['camera', ({ camera }) => camera],
  ['lens', ({ lens }) => lens],
  ['iso', ({ iso }) => iso],
  ['aperture', ({ aperture }) => aperture],
  ['exposure_seconds', ({ exposureSeconds }) => exposureSeconds],
  ['focal_length', ({ focalLength }) => focalLength],
  ['latitude', ({ latitude }) => latitude],
  ['longitude', ({ longitude }) => longitude],
  ['altitude', ({ altitude }) => altitude],
  ['title', ({ title }) => title],
  ['description', ({ description }) => description],
  ['rating', ({ rating }) => rating],
];

/** Without a row the photo's file was never asked. */
export function metadataOf(row: MetadataRow | undefined, tags: readonly TagRow[]): PhotoMetadata {
  if (row === undefined) return NO_METADATA;
  const { camera, lens, iso, aperture, latitude, longitude, altitude, title, description, rating } = row;
  const ofKind = (kind: TagKind): string[] => tags.filter((tag) => tag.kind === kind).map(({ tag }) => tag);
  return {
    takenAt: row.taken_at === null ? null : new Date(row.taken_at),
    takenOffset: row.taken_offset,
    camera,
    lens,
    iso,
    aperture,
    exposureSeconds: row.exposure_seconds,
    focalLength: row.focal_length,
    latitude,
    longitude,
    altitude,
    title,
    description,
    keywords: ofKind('keyword'),
    people: ofKind('person'),
    rating,
  };
}

export class MetadataWriter {
  readonly #upsert: Statement<[number, ...Field[]]>;
  readonly #deleteTags: Statement<[number]>;
  readonly #insertTag: Statement<[number, TagKind, string]>;

  constructor(database: Database) {
    const names = COLUMNS.map(([name]) => name).join(', ');
    const places = COLUMNS.map(() => '?').join(', ');
    this.#upsert = database.prepare(
      `INSERT OR REPLACE INTO photo_metadata (item_id, ${names}) VALUES (?, ${places})`,
    );
    this.#deleteTags = database.prepare('DELETE FROM photo_tags WHERE item_id = ?');
    this.#insertTag = database.prepare(
      'INSERT OR IGNORE INTO photo_tags (item_id, kind, tag) VALUES (?, ?, ?)',
    );
  }

  /** Replaces all that was known. */
  write(id: ItemId, metadata: PhotoMetadata): void {
    this.#upsert.run(id, ...COLUMNS.map(([, valueOf]) => valueOf(metadata)));
    this.#deleteTags.run(id);
    for (const tag of metadata.keywords) this.#insertTag.run(id, 'keyword', tag);
    for (const tag of metadata.people) this.#insertTag.run(id, 'person', tag);
  }
}
