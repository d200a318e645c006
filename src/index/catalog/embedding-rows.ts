import { fromBlob, toBlob } from '../../core/embedding.js';
import { IdSet } from '../../core/id-set.js';
import type { ItemId, ItemKind } from '../../core/item.js';
import type { StoredEmbedding } from '../../core/ports.js';
import type { Database, Statement } from './database.js';

/** Rows that are read at once: some ten milliseconds. */
const PAGE = 1024;
const ID_PAGE = 65_536;

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

  /** Items of either kind without an embedding of this model, by ascending id. */
  lacking(after: number, limit: number): ItemId[] {
    return this.#lacking.all(after, this.#model, limit);
  }

  /** @returns whether the item had none */
  add(id: ItemId, vector: Float32Array): boolean {
    return this.#insert.run(this.#model, id, toBlob(vector)).changes > 0;
  }
}
