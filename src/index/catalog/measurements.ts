/** What was measured of the index, and what it is measured with: the last queries, as vectors without their words. */
import { fromBlob, toBlob } from '../../core/embedding.js';
import type { ItemKind } from '../../core/item.js';
import type { Database, Statement } from './database.js';

export type QuerySource = 'text' | 'image';

export interface RecentQuery {
  readonly kind: ItemKind;
  readonly source: QuerySource;
  readonly vector: Float32Array;
}

/** Queries that are kept; a newer one takes the place of the oldest. */
const KEPT = 256;

export class Measurements {
  readonly #insert: Statement<[number, string, string, Buffer]>;
  readonly #trim: Statement<[number]>;
  readonly #recent: Statement<[number, string], { source: QuerySource; vector: Uint8Array }>;
  readonly #beams: Statement<[], { kind: ItemKind; width: number }>;
  readonly #setBeam: Statement<[string, number]>;

  constructor(database: Database) {
    this.#insert = database.prepare(
      'INSERT INTO recent_queries (model, kind, source, vector) VALUES (?, ?, ?, ?)',
    );
    this.#trim = database.prepare(
      'DELETE FROM recent_queries WHERE id <= (SELECT max(id) FROM recent_queries) - ?',
    );
    this.#recent = database.prepare(
      'SELECT source, vector FROM recent_queries WHERE model = ? AND kind = ? ORDER BY id DESC',
    );
    this.#beams = database.prepare('SELECT kind, ef_search AS width FROM search_beams');
    this.#setBeam = database.prepare('INSERT OR REPLACE INTO search_beams (kind, ef_search) VALUES (?, ?)');
  }

  /** @param model its row in `models` */
  keep(model: number, queries: readonly RecentQuery[]): void {
    for (const { kind, source, vector } of queries) this.#insert.run(model, kind, source, toBlob(vector));
    this.#trim.run(KEPT);
  }

  recent(model: number, kind: ItemKind): RecentQuery[] {
    return this.#recent
      .all(model, kind)
      .map(({ source, vector }) => ({ kind, source, vector: fromBlob(vector) }));
  }

  beams(): Partial<Record<ItemKind, number>> {
    return Object.fromEntries(this.#beams.all().map(({ kind, width }) => [kind, width]));
  }

  setBeam(kind: ItemKind, width: number): void {
    this.#setBeam.run(kind, width);
  }
}
