import { fromBlob, toBlob } from '../../core/embedding.js';
import { IdSet } from '../../core/id-set.js';
import type { ItemId, ItemKind } from '../../core/item.js';
import type { StoredEmbedding } from '../../core/ports.js';
import type { Database, Statement } from './database.js';

/** Rows that are read at once: some ten milliseconds. */
const PAGE = 1024;
const ID_PAGE = 65_536;
/** A sample reads all rows where there are at most so many ids for each row wanted; else it tries so many ids for each. */
const DENSE = 8;
const PROBES = 16;

const pageOf = (columns: string): string =>
  `SELECT ${columns} FROM embeddings JOIN items ON items.id = item_id
   WHERE model = ? AND item_id > ? AND kind = ? ORDER BY item_id LIMIT ?`;

/** The embeddings of one model. */
export class EmbeddingRows {
  readonly #model: number;
  readonly #get: Statement<[number, number], { vector: Uint8Array }>;
  readonly #page: Statement<[number, number, string, number], { id: ItemId; vector: Uint8Array }>;
  readonly #ids: Statement<[number, number, string, number], ItemId>;
  readonly #insert: Statement<[number, number, Buffer]>;
  readonly #last: Statement<[], number>;
  readonly #ofKind: Statement<[number, number, string], { id: ItemId; vector: Uint8Array }>;
  readonly #lacking: Statement<[number, number, number], ItemId>;

  /** @param model its row in `models` */
  constructor(database: Database, model: number) {
    this.#model = model;
    this.#get = database.prepare('SELECT vector FROM embeddings WHERE model = ? AND item_id = ?');
    this.#page = database.prepare(pageOf('item_id AS id, vector'));
    this.#ids = database.prepare<[number, number, string, number], ItemId>(pageOf('item_id')).pluck();
    this.#insert = database.prepare(
      'INSERT INTO embeddings (model, item_id, vector) VALUES (?, ?, ?) ON CONFLICT DO NOTHING',
    );
    this.#last = database.prepare<[], number>('SELECT max(id) FROM items').pluck();
    this.#ofKind = database.prepare(
      `SELECT item_id AS id, vector FROM embeddings JOIN items ON items.id = item_id
       WHERE model = ? AND item_id = ? AND kind = ?`,
    );
    this.#lacking = database
      .prepare<[number, number, number], ItemId>(
        `SELECT id FROM items WHERE id > ? AND NOT EXISTS
         (SELECT 1 FROM embeddings WHERE model = ? AND item_id = items.id) ORDER BY id LIMIT ?`,
      )
      .pluck();
  }

  get(id: ItemId): Float32Array | undefined {
    const row = this.#get.get(this.#model, id);
    return row && fromBlob(row.vector);
  }

  /** By ascending id, a page at a time: nothing stays open between two steps, so the catalog may change meanwhile. */
  *all(kind: ItemKind): IterableIterator<StoredEmbedding> {
    for (let after = 0; ; ) {
      const rows = this.#page.all(this.#model, after, kind, PAGE);
      for (const { id, vector } of rows) yield { id, vector: fromBlob(vector) };
      if (rows.length < PAGE) return;
      after = (rows.at(-1) as { id: number }).id;
    }
  }

  ids(kind: ItemKind): IdSet {
    const ids = new IdSet();
    for (let after = 0; ; ) {
      const page = this.#ids.all(this.#model, after, kind, ID_PAGE);
      for (const id of page) ids.add(id);
      if (page.length < ID_PAGE) return ids;
      after = page.at(-1) as number;
    }
  }

  /** Some items of a kind, spread over all of them and the same ones each time; fewer where there are not so many. */
  sample(kind: ItemKind, wanted: number): StoredEmbedding[] {
    const last = this.#last.get() ?? 0;
    if (last <= wanted * DENSE) {
      const all = [...this.all(kind)];
      const stride = Math.max(1, all.length / wanted);
      return Array.from(
        { length: Math.min(wanted, all.length) },
        (_, i) => all[Math.floor(i * stride)] as StoredEmbedding,
      );
    }
    const found = new Map<ItemId, StoredEmbedding>();
    for (let probe = 1; probe <= wanted * PROBES && found.size < wanted; probe++) {
      // Multiples of the golden ratio fall evenly over any range.
      const id = 1 + Math.floor(((probe * 0.618_033_988_749_895) % 1) * last);
      const row = this.#ofKind.get(this.#model, id, kind);
      if (row) found.set(row.id, { id: row.id, vector: fromBlob(row.vector) });
    }
    return [...found.values()];
  }

  /** Items of either kind without an embedding of this model, by ascending id. */
  lacking(after: number, limit: number): ItemId[] {
    return this.#lacking.all(after, this.#model, limit);
  }

  /** @returns whether the item had none */
  add(id: ItemId, vector: Float32Array): boolean {
    return this.#insert.run(this.#model, id, toBlob(vector)).changes > 0;
  }
}
