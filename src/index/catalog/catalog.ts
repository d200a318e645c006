/**
 * The catalog: what the library knows, as SQLite rows. The embedding in a row is the truth; every vector index is a cache
 * of it and is told, by the result of a change, what to do to agree again.
 */
import { fromBlob } from '../../core/embedding.js';
import { ITEM_KINDS, type Item, type ItemId, type ItemKind } from '../../core/item.js';
import type { LibraryChange, StoredEmbedding } from '../../core/ports.js';
import { CatalogWriter, type CatalogDelta } from './catalog-writer.js';
import { type Database, databaseError, openDatabase, type Statement } from './database.js';
import { FileRows } from './file-rows.js';
import { MetadataReader } from './metadata-rows.js';
import { WatchedFolders } from './watched-folders.js';

interface ItemRow {
  readonly id: ItemId;
  readonly kind: ItemKind;
  readonly content_hash: string;
  readonly width: number;
  readonly height: number;
  readonly format: string;
  readonly bytes: number | null;
  readonly text: string;
  readonly placeholder: Uint8Array | null;
  readonly added_at: number;
  readonly file_path: string | null;
  readonly mention_path: string | null;
  readonly mention_line: number;
  readonly mention_image: string | null;
}

const EMBEDDINGS_PAGE = 1024;

const ITEM_SQL = `
  SELECT items.*,
         (SELECT min(path) FROM files WHERE files.item_id = items.id) AS file_path,
         mention.path AS mention_path, mention.line AS mention_line, mention.image AS mention_image
  FROM items
  LEFT JOIN mentions AS mention ON (mention.path, mention.line) =
    (SELECT path, line FROM mentions WHERE item_id = items.id ORDER BY path, line LIMIT 1)
  WHERE items.id = ?`;

function itemOf(row: ItemRow, metadata: MetadataReader): Item {
  const shared = { id: row.id, contentHash: row.content_hash, addedAt: new Date(row.added_at) };
  if (row.kind === 'photo') {
    const { width, height, format, bytes, placeholder } = row;
    const path = row.file_path ?? '';
    const picture = { width, height, format, bytes, placeholder };
    return { kind: 'photo', ...shared, path, ...picture, metadata: metadata.of(row.id) };
  }
  const { text, mention_line: line, mention_image: image } = row;
  return { kind: 'caption', ...shared, text, path: row.mention_path ?? '', line, image };
}

export class Catalog {
  readonly path: string;
  readonly files: FileRows;
  readonly watched: WatchedFolders;
  readonly #database: Database;
  readonly #writer: CatalogWriter | undefined;
  readonly #model: number;
  readonly #metadata: MetadataReader;
  readonly #item: Statement<[number], ItemRow>;
  readonly #embedding: Statement<[number, number], { vector: Uint8Array }>;
  readonly #hasHash: Statement<[number, string, string], { found: number }>;

  /**
   * @param modelId the embedding space that this session reads and writes
   * @throws ERR_DATABASE_NEWER, ERR_DATABASE_DAMAGED, ERR_PATH_NOT_FOUND where a reader finds no library
   */
  constructor(path: string, modelId: string, readOnly: boolean) {
    this.path = path;
    const database = openDatabase(path, readOnly);
    this.#database = database;
    if (!readOnly)
      database.prepare('INSERT INTO models (key) VALUES (?) ON CONFLICT DO NOTHING').run(modelId);
    this.#model =
      database.prepare<[string], { id: number }>('SELECT id FROM models WHERE key = ?').get(modelId)?.id ?? 0;
    this.#writer = readOnly ? undefined : new CatalogWriter(database, this.#model);
    this.#metadata = new MetadataReader(database);
    this.#item = database.prepare(ITEM_SQL);
    this.files = new FileRows(database);
    this.watched = new WatchedFolders(database);
    this.#embedding = database.prepare('SELECT vector FROM embeddings WHERE model = ? AND item_id = ?');
    this.#hasHash = database.prepare(
      `SELECT 1 AS found FROM items JOIN embeddings ON embeddings.item_id = items.id AND embeddings.model = ?
       WHERE kind = ? AND content_hash = ?`,
    );
  }

  /** Counts the changes of the set of embeddings. */
  get generation(): number {
    return this.#database.prepare<[], { value: number }>('SELECT value FROM generation').get()?.value ?? 0;
  }

  /** Embedding spaces that have vectors here, with how many. */
  models(): { key: string; embeddings: number }[] {
    return this.#database
      .prepare<[], { key: string; embeddings: number }>(
        `SELECT key, (SELECT count(*) FROM embeddings WHERE model = models.id) AS embeddings FROM models`,
      )
      .all()
      .filter(({ embeddings }) => embeddings > 0);
  }

  item(id: ItemId): Item | undefined {
    const row = this.#item.get(id);
    return row && itemOf(row, this.#metadata);
  }

  embedding(id: ItemId): Float32Array | undefined {
    const row = this.#embedding.get(this.#model, id);
    return row && fromBlob(row.vector);
  }

  /** By ascending id, a page at a time: nothing stays open between two steps, so the catalog may change meanwhile. */
  *embeddings(kind: ItemKind): IterableIterator<StoredEmbedding> {
    const page = this.#database.prepare<[number, number, string, number], { id: ItemId; vector: Uint8Array }>(
      `SELECT item_id AS id, vector FROM embeddings JOIN items ON items.id = item_id
       WHERE model = ? AND item_id > ? AND kind = ? ORDER BY item_id LIMIT ?`,
    );
    for (let after = 0; ; ) {
      const rows = page.all(this.#model, after, kind, EMBEDDINGS_PAGE);
      for (const { id, vector } of rows) yield { id, vector: fromBlob(vector) };
      if (rows.length < EMBEDDINGS_PAGE) return;
      after = (rows.at(-1) as { id: number }).id;
    }
  }

  embeddedIds(kind: ItemKind): ItemId[] {
    return this.#database
      .prepare<[number, string], ItemId>(
        `SELECT item_id FROM embeddings JOIN items ON items.id = item_id WHERE model = ? AND kind = ? ORDER BY item_id`,
      )
      .pluck()
      .all(this.#model, kind);
  }

  counts(): Record<ItemKind, number> {
    const rows = this.#database
      .prepare<[], { kind: ItemKind; count: number }>(
        'SELECT kind, count(*) AS count FROM items GROUP BY kind',
      )
      .all();
    const count = (kind: ItemKind): number => rows.find((row) => row.kind === kind)?.count ?? 0;
    return Object.fromEntries(ITEM_KINDS.map((kind) => [kind, count(kind)])) as Record<ItemKind, number>;
  }

  /** Items that no embedding of the current model leads to. */
  unembedded(): number {
    return this.#database
      .prepare<[number], number>(
        `SELECT count(*) FROM items WHERE NOT EXISTS
         (SELECT 1 FROM embeddings WHERE model = ? AND item_id = items.id)`,
      )
      .pluck()
      .get(this.#model) as number;
  }

  has(kind: ItemKind, contentHash: string): boolean {
    return this.#hasHash.get(this.#model, kind, contentHash) !== undefined;
  }

  /** SQLite's own check; empty where all is well. */
  integrityProblems(): string[] {
    const rows = this.#database.pragma('quick_check') as { quick_check: string }[];
    return rows.map((row) => row.quick_check).filter((line) => line !== 'ok');
  }

  /** Makes the changes durable in one transaction. */
  commit(changes: readonly LibraryChange[]): CatalogDelta {
    return this.#write((writer) => writer.commit(changes));
  }

  forget(paths: readonly string[]): CatalogDelta {
    return this.#write((writer) => writer.forget(paths));
  }

  close(): void {
    this.#database.close();
  }

  #write(change: (writer: CatalogWriter) => CatalogDelta): CatalogDelta {
    if (this.#writer === undefined) throw new TypeError('Expected a catalog that was opened for writing.');
    try {
      return change(this.#writer);
    } catch (error) {
      throw databaseError(error, this.path);
    }
  }
}
