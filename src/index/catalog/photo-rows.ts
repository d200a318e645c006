import type { ItemId } from '../../core/item.js';
import type { Database, Statement } from './database.js';
import { baseName, WALL_CLOCK } from './filter-sql.js';

/** A content that lies at several paths. */
export interface Copies {
  readonly id: ItemId;
  readonly paths: readonly string[];
}

/** A photo and when it was taken, by the clock of the place. */
export interface Moment {
  readonly id: ItemId;
  readonly takenAt: number;
}

/** Values of a field that the library has, and how many items have each. */
export interface FieldValue {
  readonly value: string;
  readonly count: number;
}

/** Paths that are looked at for folder names and endings; a library of more has the same ones among the first. */
const PATHS = 50_000;

const TAGS = "SELECT tag AS value, count(*) AS count FROM photo_tags WHERE kind = '";
const OF_FACTS = (column: string): string =>
  `SELECT ${column} AS value, count(*) AS count FROM photo_metadata WHERE ${column} IS NOT NULL GROUP BY ${column}`;

/** Fields whose values the library can list. */
export type ListedField = 'camera' | 'lens' | 'tag' | 'person' | 'format' | 'folder' | 'ext';

const VALUES_SQL: Readonly<Record<ListedField, string>> = {
  camera: OF_FACTS('camera'),
  lens: OF_FACTS('lens'),
  tag: `${TAGS}keyword' GROUP BY tag`,
  person: `${TAGS}person' GROUP BY tag`,
  format: "SELECT format AS value, count(*) AS count FROM items WHERE kind = 'photo' GROUP BY format",
  folder: `
    WITH parents AS (SELECT rtrim(path, replace(path, '/', '')) AS parent FROM files WHERE item_id IS NOT NULL LIMIT ${PATHS}),
         names AS (SELECT rtrim(parent, '/') AS parent FROM parents)
    SELECT ${baseName('parent')} AS value, count(*) AS count FROM names WHERE parent <> '' GROUP BY value`,
  ext: `
    WITH named AS (SELECT ${baseName('path')} AS name FROM files WHERE item_id IS NOT NULL LIMIT ${PATHS})
    SELECT lower(substr(name, length(rtrim(name, replace(name, '.', ''))) + 1)) AS value, count(*) AS count
    FROM named WHERE name LIKE '_%.%' GROUP BY value`,
};

export const LISTED_FIELDS: readonly ListedField[] = Object.keys(VALUES_SQL) as ListedField[];

/** What the library's photos have in common: contents, moments, values. */
export class PhotoRows {
  readonly #database: Database;
  readonly #copies: Statement<[], { id: ItemId; path: string }>;
  readonly #moments: Statement<[], Moment>;

  constructor(database: Database) {
    this.#database = database;
    this.#copies = database.prepare(
      `SELECT item_id AS id, path FROM files
       WHERE item_id IN (SELECT item_id FROM files WHERE item_id IS NOT NULL GROUP BY item_id HAVING count(*) > 1)
       ORDER BY item_id, path`,
    );
    this.#moments = database.prepare(
      `SELECT item_id AS id, ${WALL_CLOCK} AS takenAt FROM photo_metadata AS facts
       WHERE facts.taken_at IS NOT NULL ORDER BY takenAt, item_id`,
    );
  }

  /** Contents that lie at more than one path. */
  copies(): Copies[] {
    const paths = new Map<ItemId, string[]>();
    for (const { id, path } of this.#copies.all()) paths.set(id, [...(paths.get(id) ?? []), path]);
    return [...paths].map(([id, list]) => ({ id, paths: list }));
  }

  /** Photos that say when they were taken, in that order. */
  moments(): Moment[] {
    return this.#moments.all();
  }

  /** Values of a field that contain `part` in any letter case, the most frequent first. */
  values(field: ListedField, part: string, limit: number): FieldValue[] {
    const wanted = `%${part.replace(/[\\%_]/g, '\\$&')}%`;
    return this.#database
      .prepare<[string, number], FieldValue>(
        `SELECT value, count FROM (${VALUES_SQL[field]}) WHERE value LIKE ? ESCAPE '\\'
         ORDER BY count DESC, value LIMIT ?`,
      )
      .all(wanted, limit);
  }
}
