import type { Item, ItemId, ItemKind } from '../core/item.js';
import { type Log, silentLog } from '../core/log.js';
import type { IngestLibrary, LibraryChange, Neighbour, StoredEmbedding } from '../core/ports.js';
import { Catalog } from './catalog/catalog.js';
import type { FileRows } from './catalog/file-rows.js';
import type { ItemPages } from './catalog/item-pages.js';
import type { ItemRows } from './catalog/item-rows.js';
import type { WatchedFolders } from './catalog/watched-folders.js';
import type { CatalogDelta } from './catalog/catalog-writer.js';
import type { ItemFilter } from './catalog/item-filter.js';
import type { PhotoRows } from './catalog/photo-rows.js';
import type { WordsReader } from './catalog/words-reader.js';
import type { RecentQuery } from './catalog/measurements.js';
import type { Revision } from './catalog/revision.js';
import type { PendingModel } from './catalog/model-table.js';
import { CatalogShrinking } from './catalog-shrinking.js';
import { type Drift, measureDrift } from './drift.js';
import type { HnswParameters } from './hnsw-index.js';
import type { IndexStatistics, RebuildLimits } from './index-keeper.js';
import { catalogFile, checkModel, hasLibrary, makeFolder, vectorsIn } from './library-folder.js';
import { LibraryLock } from './library-lock.js';
import { ModelSwitch, type SwitchTarget } from './model-switch.js';
import { type SpaceOptions, VectorSpace } from './vector-space.js';

export interface LibraryOptions {
  readonly folder: string;
  readonly modelId: string;
  readonly dimensions: number;
  /** A reader needs no lock, writes nothing, and sees the library as it was when it opened. */
  readonly readOnly: boolean;
  readonly hnsw?: Partial<HnswParameters> | undefined;
  /** When a graph is built anew; for tests, which have little. */
  readonly limits?: Partial<RebuildLimits> | undefined;
  readonly log?: Log | undefined;
  /** Told while a graph is built again from the rows; searches are exact meanwhile. */
  readonly onRebuild?: ((kind: ItemKind, done: number, total: number) => void) | undefined;
}

export interface LibraryStatistics {
  readonly items: Record<ItemKind, number>;
  readonly failed: number;
  readonly generation: number;
  readonly indexes: Record<ItemKind, IndexStatistics>;
}

/** A library on disk: rows that are the truth, a vector index for each kind of item that follows them. */
export class Library implements IngestLibrary, AsyncDisposable {
  readonly revision: Revision;
  readonly files: FileRows;
  readonly pages: ItemPages;
  readonly items: ItemRows;
  readonly filters: ItemFilter;
  readonly photos: PhotoRows;
  readonly words: WordsReader;
  readonly #options: LibraryOptions;
  readonly #catalog: Catalog;
  readonly #lock: LibraryLock | undefined;
  readonly #shrinking: CatalogShrinking;
  #space: VectorSpace;
  #closed: Promise<void> | undefined;
  /** What went while the next model's indexes were opened. */
  #removedMeanwhile: CatalogDelta['removed'][number][] | undefined;

  private constructor(
    options: LibraryOptions,
    catalog: Catalog,
    space: VectorSpace,
    lock: LibraryLock | undefined,
  ) {
    this.#options = options;
    this.#catalog = catalog;
    this.revision = catalog.revision;
    this.files = catalog.files;
    this.pages = catalog.pages;
    this.items = catalog.items;
    this.filters = catalog.filters;
    this.photos = catalog.photos;
    this.words = catalog.words;
    this.#space = space;
    this.#lock = lock;
    this.#shrinking = new CatalogShrinking(catalog);
    if (lock) this.#shrinking.tend();
  }

  /**
   * Opens, or for a writer creates, the library and makes its indexes agree with its rows. Where a graph must be built
   * again, it is built afterwards, and searches are exact until then.
   * @throws ERR_LIBRARY_LOCKED, ERR_DATABASE_NEWER, ERR_DATABASE_DAMAGED, ERR_MODEL_MISMATCH, ERR_PATH_NOT_FOUND
   */
  static async open(options: LibraryOptions): Promise<Library> {
    const { folder, modelId, readOnly } = options;
    if (!readOnly) makeFolder(folder);
    const lock = readOnly ? undefined : LibraryLock.acquire(folder);
    let catalog: Catalog | undefined;
    try {
      catalog = new Catalog(catalogFile(folder), modelId, readOnly);
      checkModel(catalog, modelId, folder);
      const space = await VectorSpace.open(catalog, spaceOptions(options));
      return new Library(options, catalog, space, lock);
    } catch (error) {
      catalog?.close();
      lock?.release();
      throw error;
    }
  }

  static exists(folder: string): boolean {
    return hasLibrary(folder);
  }

  /** The model whose vectors are being searched. */
  get modelId(): string {
    return this.#space.modelId;
  }

  item(id: ItemId): Item | undefined {
    return this.#catalog.item(id);
  }

  embedding(id: ItemId): Float32Array | undefined {
    return this.#catalog.embeddings.get(id);
  }

  /** How many items of a kind a search looks at. */
  searchable(kind: ItemKind): number {
    return this.#space.of(kind).size;
  }

  search(kind: ItemKind, query: Float32Array, k: number): Neighbour[] {
    return this.#space.of(kind).search(query, k);
  }

  /** The k nearest among these items, exactly; ids of another kind or of no item must not be among them. */
  searchAmong(kind: ItemKind, query: Float32Array, ids: ArrayLike<number>, k: number): Neighbour[] {
    return this.#space.of(kind).searchAmong(query, ids, k);
  }

  /** Every item of a kind with its embedding, by ascending id, a page of rows at a time; the library may change meanwhile. */
  embeddings(kind: ItemKind): IterableIterator<StoredEmbedding> {
    return this.#catalog.embeddings.all(kind);
  }

  sample(kind: ItemKind, wanted: number): StoredEmbedding[] {
    return this.#catalog.embeddings.sample(kind, wanted);
  }

  has(kind: ItemKind, contentHash: string): boolean {
    return this.#catalog.has(kind, contentHash);
  }

  /** Folders that are watched whenever a process watches this library. */
  get watched(): WatchedFolders {
    return this.#catalog.watched;
  }

  commit(changes: readonly LibraryChange[]): number {
    const delta = this.#catalog.commit(changes);
    this.#follow(delta);
    return delta.added.length;
  }

  forget(paths: readonly string[]): void {
    this.#follow(this.#catalog.forget(paths));
  }

  statistics(): LibraryStatistics {
    return {
      items: this.#catalog.counts(),
      failed: this.#catalog.files.failed(),
      generation: this.#catalog.generation,
      indexes: this.#space.each((keeper) => keeper.statistics()),
    };
  }

  /** Looks for what should never be: damage, items without embeddings, indexes that disagree with the rows. */
  examine(): { problems: string[]; unembedded: number; strays: boolean; drift: Record<ItemKind, Drift> } {
    return {
      problems: this.#catalog.upkeep.problems(),
      unembedded: this.#catalog.unembedded(),
      strays: this.#catalog.models.hasStrays(),
      drift: this.#space.each((keeper, kind) => measureDrift(keeper, this.#catalog, kind)),
    };
  }

  /** Mends what is kept beside the truth. @returns what was done */
  repair(): string[] {
    return this.#catalog.repair();
  }

  /** What the last queries were, newest first. */
  recentQueries(kind: ItemKind): RecentQuery[] {
    return this.#catalog.recentQueries(kind);
  }

  /** Remembers queries, to measure the index with; a reader forgets them. */
  keepQueries(queries: readonly RecentQuery[]): void {
    if (this.#lock && queries.length > 0) this.#catalog.keepQueries(queries);
  }

  /** How wide the graph of a kind is searched: recall against time. */
  efSearch(kind: ItemKind): number {
    return this.#space.of(kind).efSearch;
  }

  /** A writer's choice lasts. */
  setEfSearch(kind: ItemKind, width: number): void {
    this.#space.of(kind).efSearch = width;
    if (this.#lock) this.#catalog.setBeam(kind, width);
  }

  /** The model that the library is changing to, where it is. */
  get pendingModel(): PendingModel | undefined {
    return this.#catalog.models.pending();
  }

  /** Begins, or takes up, the change to another model. Nothing that a query sees changes. */
  beginSwitch(target: SwitchTarget): ModelSwitch {
    return new ModelSwitch(this.#catalog, spaceOptions(this.#options), target);
  }

  /**
   * Queries use the next model's vectors from here on, if every item has one but those in `leaving`.
   * @param onSwap told in the very moment
   * @returns false, and nothing changed, where items came in the meantime
   */
  async completeSwitch(
    change: ModelSwitch,
    leaving: readonly ItemId[],
    onSwap: () => void,
  ): Promise<boolean> {
    this.#removedMeanwhile = [];
    const space = await change.openSpace();
    for (const { kind, id } of this.#removedMeanwhile) space.of(kind).remove(id);
    this.#removedMeanwhile = undefined;
    if (!change.isComplete(leaving)) {
      await space.discard();
      return false;
    }
    this.#catalog.swapModels();
    const before = this.#space;
    this.#space = space;
    onSwap();
    await before.discard();
    return true;
  }

  /** The old model's vectors go; there is no way back then. */
  forgetPreviousModel(): void {
    this.#catalog.models.forgetPrevious();
    this.#shrinking.tend();
  }

  /** The change is given up; vectors that were made for it go. */
  abandonSwitch(): void {
    this.#catalog.models.abandon();
    this.#shrinking.tend();
  }

  /** A copy of the whole catalog, consistent, while others write. */
  async backup(file: string, onProgress?: (done: number, total: number) => void): Promise<void> {
    await this.#catalog.backup(file, onProgress);
  }

  /** Writes the graphs that changed since they were last written, after everything fresh is in them. */
  async save(): Promise<void> {
    await this.#space.save();
  }

  /** May be called twice. */
  close(): Promise<void> {
    this.#closed ??= this.#close();
    return this.#closed;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  async #close(): Promise<void> {
    try {
      await this.#shrinking.stop();
      await this.#space.close();
    } finally {
      this.#catalog.close();
      this.#lock?.release();
    }
  }

  #follow(delta: CatalogDelta): void {
    this.#removedMeanwhile?.push(...delta.removed);
    this.#space.follow(delta);
    if (delta.removed.length > 0) this.#shrinking.tend();
  }
}

function spaceOptions({ folder, log = silentLog, ...options }: LibraryOptions): SpaceOptions {
  return { ...options, vectors: vectorsIn(folder), log };
}
