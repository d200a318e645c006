/**
 * The catalog: what the library knows, as SQLite rows. The embedding in a row is the truth; every vector index is a cache
 * of it and is told, by the result of a change, what to do to agree again.
 */
import { rename, rm } from 'node:fs/promises';
import { ITEM_KINDS, type Item, type ItemId, type ItemKind } from '../../core/item.js';
import type { LibraryChange, StoredEmbedding } from '../../core/ports.js';
import { CatalogWriter, type CatalogDelta } from './catalog-writer.js';
import { ItemFilter } from './item-filter.js';
import { PhotoRows } from './photo-rows.js';
import { WordsReader } from './words-reader.js';
import { type Database, databaseError, openDatabase, type Statement } from './database.js';
import { EmbeddingRows } from './embedding-rows.js';
import { FileRows } from './file-rows.js';
import { Measurements, type RecentQuery } from './measurements.js';
import { ItemPages } from './item-pages.js';
import { ItemRows } from './item-rows.js';
import { ModelTable } from './model-table.js';
import { Revision } from './revision.js';
import { CatalogUpkeep } from './upkeep.js';
import { WatchedFolders } from './watched-folders.js';

/** Pages that a backup copies before others may run: some milliseconds. */
const BACKUP_PAGES = 128;
/** No row of `models` has this number. */
const NO_MODEL = 0;

export class Catalog {
  readonly path: string;
  readonly files: FileRows;
  readonly pages: ItemPages;
  readonly watched: WatchedFolders;
  readonly revision: Revision;
  readonly items: ItemRows;
  readonly filters: ItemFilter;
  readonly photos: PhotoRows;
  readonly words: WordsReader;
  readonly #database: Database;
  readonly models: ModelTable;
  #writer: CatalogWriter | undefined;
  #model: number;
  #rows: EmbeddingRows;
  readonly #measurements: Measurements;
  readonly #hasHash: Statement<[number, string, string], { found: number }>;

  /**
   * @param modelId the embedding space that this session reads and writes
   * @throws ERR_DATABASE_NEWER, ERR_DATABASE_DAMAGED, ERR_PATH_NOT_FOUND where a reader finds no library
   */
  constructor(path: string, modelId: string, readOnly: boolean) {
    this.path = path;
    const database = openDatabase(path, readOnly);
    this.#database = database;
    this.revision = new Revision(database);
    this.items = new ItemRows(database, this.revision);
    this.filters = new ItemFilter(database, this.revision);
    this.photos = new PhotoRows(database);
    this.words = new WordsReader(database, this.revision);
    this.models = new ModelTable(database);
    if (!readOnly) this.models.claim(modelId);
    this.#model = this.models.named(modelId)?.id ?? NO_MODEL;
    this.#rows = new EmbeddingRows(database, this.#model);
    this.#writer = readOnly ? undefined : new CatalogWriter(database, this.#rows);
    this.#measurements = new Measurements(database);
    this.files = new FileRows(database);
    this.pages = new ItemPages(database);
    this.watched = new WatchedFolders(database);
    this.#hasHash = database.prepare(
      `SELECT 1 AS found FROM items JOIN embeddings ON embeddings.item_id = items.id AND embeddings.model = ?
       WHERE kind = ? AND content_hash = ?`,
    );
  }

  /** Counts the changes of the set of embeddings. */
  get generation(): number {
    return this.#database.prepare<[], { value: number }>('SELECT value FROM generation').get()?.value ?? 0;
  }

  item(id: ItemId): Item | undefined {
    return this.items.of([id]).get(id);
  }

  /** The embeddings of the current model. */
  get embeddings(): EmbeddingRows {
    return this.#rows;
  }

  /** Those of any model that has a row; none where it has not. */
  embeddingsOf(key: string): EmbeddingRows {
    return new EmbeddingRows(this.#database, this.models.named(key)?.id ?? NO_MODEL);
  }

  /** The next model becomes the current one, here and for everybody who opens the library after. */
  swapModels(): void {
    this.#changing(() => this.models.swap());
    this.#model = this.models.inRole('current')?.id ?? NO_MODEL;
    this.#rows = new EmbeddingRows(this.#database, this.#model);
    if (this.#writer) this.#writer = new CatalogWriter(this.#database, this.#rows);
  }

  /** Makes embeddings of a model durable together. Items that went in the meantime are left out. */
  addEmbeddings(rows: EmbeddingRows, embeddings: readonly StoredEmbedding[]): void {
    const isThere = this.#database.prepare('SELECT 1 FROM items WHERE id = ?');
    const insert = (): void => {
      for (const { id, vector } of embeddings) if (isThere.get(id)) rows.add(id, vector);
    };
    this.#changing(() => this.#database.transaction(insert)());
  }

  counts(): Record<ItemKind, number> {
    const rows = this.#database
      .prepare<[], { kind: ItemKind; count: number }>('SELECT kind, count FROM item_counts')
      .all();
    const count = (kind: ItemKind): number => rows.find((row) => row.kind === kind)?.count ?? 0;
    return Object.fromEntries(ITEM_KINDS.map((kind) => [kind, count(kind)])) as Record<ItemKind, number>;
  }

  /** Items without an embedding of a model; without a name, of the current one. */
  unembedded(key?: string): number {
    const model = key === undefined ? this.#model : (this.models.named(key)?.id ?? NO_MODEL);
    return this.#database
      .prepare<[number], number>(
        `SELECT count(*) FROM items WHERE NOT EXISTS
         (SELECT 1 FROM embeddings WHERE model = ? AND item_id = items.id)`,
      )
      .pluck()
      .get(model) as number;
  }

  has(kind: ItemKind, contentHash: string): boolean {
    return this.#hasHash.get(this.#model, kind, contentHash) !== undefined;
  }

  /** Widths of searches that a measurement asked for. */
  beams(): Partial<Record<ItemKind, number>> {
    return this.#measurements.beams();
  }

  setBeam(kind: ItemKind, width: number): void {
    this.#changing(() => this.#measurements.setBeam(kind, width));
  }

  recentQueries(kind: ItemKind): RecentQuery[] {
    return this.#measurements.recent(this.#model, kind);
  }

  keepQueries(queries: readonly RecentQuery[]): void {
    this.#changing(() => this.revision.aside(() => this.#measurements.keep(this.#model, queries)));
  }

  get upkeep(): CatalogUpkeep {
    return new CatalogUpkeep(this.#database);
  }

  /** Everything that was committed is on the disk when this returns. @throws ERR_DISK_FULL */
  flush(): void {
    this.#changing(() => this.upkeep.flush());
  }

  /** Mends what is kept beside the truth. @returns what was done */
  repair(): string[] {
    return this.#changing(() => this.upkeep.repair(this.#model));
  }

  /** Makes the changes durable in one transaction. */
  commit(changes: readonly LibraryChange[]): CatalogDelta {
    return this.#write((writer) => writer.commit(changes));
  }

  forget(paths: readonly string[]): CatalogDelta {
    return this.#write((writer) => writer.forget(paths));
  }

  /** A reader sees one state until it closes, whatever others write. */
  holdStill(): void {
    this.#database.exec('BEGIN');
  }

  /** SQLite's online copy: a consistent state, while others read and write. It has its name when it is whole. */
  async backup(file: string, onProgress?: (done: number, total: number) => void): Promise<void> {
    const unfinished = `${file}.unfinished`;
    try {
      await this.#database.backup(unfinished, {
        progress: ({ totalPages, remainingPages }) => {
          onProgress?.(totalPages - remainingPages, totalPages);
          return BACKUP_PAGES;
        },
      });
      await rename(unfinished, file);
    } catch (error) {
      await rm(unfinished, { force: true });
      throw databaseError(error, file);
    }
  }

  close(): void {
    this.#database.close();
  }

  #write(change: (writer: CatalogWriter) => CatalogDelta): CatalogDelta {
    const writer = this.#writer;
    if (writer === undefined) throw new TypeError('Expected a catalog that was opened for writing.');
    return this.#changing(() => change(writer));
  }

  #changing<T>(change: () => T): T {
    try {
      return change();
    } catch (error) {
      throw databaseError(error, this.path);
    }
  }
}
