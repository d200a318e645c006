/** Items as everybody sees them, put together from the rows of several tables, as many at once as are asked for. */
import { videoOfFrame } from '../../core/frame-path.js';
import type { Item, ItemId, ItemKind } from '../../core/item.js';
import type { Remembered } from '../../core/remembered.js';
import type { Database, Statement } from './database.js';
import { metadataOf, type MetadataRow, type TagRow } from './metadata-rows.js';
import type { Revision } from './revision.js';

interface ItemRow {
  readonly id: ItemId;
  readonly kind: ItemKind;
  readonly content_hash: string;
  readonly width: number;
  readonly height: number;
  readonly format: string;
  readonly bytes: number | null;
  readonly second: number | null;
  readonly text: string;
  readonly placeholder: Uint8Array | null;
  readonly added_at: number;
  readonly file_path: string | null;
  readonly mention_path: string | null;
  readonly mention_line: number;
  readonly mention_image: string | null;
  /** Null where the photo's file was never asked what it says. */
  readonly asked: ItemId | null;
}

/** Items that stay put together until anything changes: the pages of some queries, a few megabytes. */
const REMEMBERED = 4096;

const ITEMS_SQL = `
  SELECT items.*,
         (SELECT min(path) FROM files WHERE files.item_id = items.id) AS file_path,
         mention.path AS mention_path, mention.line AS mention_line, mention.image AS mention_image,
         facts.item_id AS asked, facts.*
  FROM json_each(?) AS wanted CROSS JOIN items ON items.id = wanted.value
  LEFT JOIN mentions AS mention ON items.kind = 'caption' AND (mention.path, mention.line) =
    (SELECT path, line FROM mentions WHERE item_id = items.id ORDER BY path, line LIMIT 1)
  LEFT JOIN photo_metadata AS facts ON facts.item_id = items.id`;

const TAGS_SQL = `
  SELECT item_id, photo_tags.kind, tag
  FROM json_each(?) AS wanted CROSS JOIN photo_tags ON item_id = wanted.value
  ORDER BY item_id, photo_tags.kind, tag`;

export class ItemRows {
  readonly #items: Statement<[string], ItemRow & MetadataRow>;
  readonly #tags: Statement<[string], TagRow & { readonly item_id: ItemId }>;
  readonly #remembered: Remembered<Item, ItemId>;

  constructor(database: Database, revision: Revision) {
    this.#items = database.prepare(ITEMS_SQL);
    this.#tags = database.prepare(TAGS_SQL);
    this.#remembered = revision.memory(REMEMBERED);
  }

  /** Those that there are, by their ids. */
  of(ids: readonly ItemId[]): Map<ItemId, Item> {
    const known = this.#remembered.values;
    const found = new Map<ItemId, Item>();
    const missing: ItemId[] = [];
    for (const id of ids) {
      const item = known.get(id);
      if (item) found.set(id, item);
      else missing.push(id);
    }
    if (missing.length > 0) {
      for (const item of this.#read(missing)) {
        found.set(item.id, item);
        known.set(item.id, item);
      }
    }
    return found;
  }

  #read(ids: readonly ItemId[]): Item[] {
    const wanted = JSON.stringify(ids);
    const tags = new Map<ItemId, TagRow[]>();
    for (const tag of this.#tags.iterate(wanted)) {
      const others = tags.get(tag.item_id);
      if (others) others.push(tag);
      else tags.set(tag.item_id, [tag]);
    }
    return this.#items.all(wanted).map((row) => itemOf(row, tags.get(row.id) ?? []));
  }
}

function itemOf(row: ItemRow & MetadataRow, tags: readonly TagRow[]): Item {
  const { id, content_hash: contentHash } = row;
  const addedAt = new Date(row.added_at);
  if (row.kind === 'photo') {
    const { width, height, format, bytes, placeholder, second } = row;
    const path = second === null ? (row.file_path ?? '') : videoOfFrame(row.file_path ?? '');
    const metadata = metadataOf(row.asked === null ? undefined : row, tags);
    return {
      kind: 'photo',
      id,
      contentHash,
      addedAt,
      path,
      second,
      width,
      height,
      format,
      bytes,
      placeholder,
      metadata,
    };
  }
  const { text, mention_line: line, mention_image: image } = row;
  return { kind: 'caption', id, contentHash, addedAt, text, path: row.mention_path ?? '', line, image };
}
