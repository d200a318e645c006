import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { pathError, SightlineError } from '../core/errors.js';
import { ITEM_KINDS, type Item, type ItemId, type ItemKind } from '../core/item.js';
import type { IngestLibrary, LibraryChange, Neighbour, StoredEmbedding, VectorIndex } from '../core/ports.js';
import { Catalog } from './catalog/catalog.js';
import type { FailedFile, FileRows } from './catalog/file-rows.js';
import type { WatchedFolders } from './catalog/watched-folders.js';
import type { CatalogDelta } from './catalog/catalog-writer.js';
import { DEFAULT_HNSW, HnswIndex, type HnswParameters } from './hnsw-index.js';
import { openIndex } from './index-opening.js';
import { LibraryLock } from './library-lock.js';
import { searchWhere } from './over-fetch.js';
import { type Drift, measureDrift } from './reconcile.js';
import { type SnapshotPlace, writeSnapshot } from './snapshot.js';
import { VectorCache } from './vector-cache.js';

export interface LibraryOptions {
  readonly folder: string;
  readonly modelId: string;
  readonly dimensions: number;
  /** A reader needs no lock, writes nothing, and sees the library as it was when it opened. */
  readonly readOnly: boolean;
  readonly hnsw?: Partial<HnswParameters>;
  /** Told while a graph is built again from the rows. */
  readonly onRebuild?: (kind: ItemKind, done: number, total: number) => void;
}

export interface LibraryStatistics {
  readonly items: Record<ItemKind, number>;
  readonly failed: number;
  readonly generation: number;
  readonly indexes: Record<
    ItemKind,
    { readonly type: 'hnsw' | 'exact'; readonly size: number; readonly tombstones: number }
  >;
}

const CATALOG_FILE = 'catalog.sqlite';
const VECTORS_FOLDER = 'vectors';

/** A library on disk: rows that are the truth, a vector index for each kind of item that follows them. */
export class Library implements IngestLibrary, AsyncDisposable {
  readonly #catalog: Catalog;
  readonly #indexes: Record<ItemKind, VectorIndex>;
  readonly #vectors: Record<ItemKind, VectorCache>;
  readonly #places: Record<ItemKind, SnapshotPlace>;
  readonly #lock: LibraryLock | undefined;
  /** The generation that each snapshot on disk shows. */
  readonly #saved: Record<ItemKind, number>;
  #saving: Promise<void> | undefined;
  /** Changes that wait for a snapshot in the making: the graph must not move while it is written. */
  #postponed: CatalogDelta[] = [];
  /** An index could not follow a change. It is not written any more, so the next opening builds on an older, true one. */
  #behind = false;

  private constructor(
    catalog: Catalog,
    indexes: Record<ItemKind, VectorIndex>,
    places: Record<ItemKind, SnapshotPlace>,
    saved: Record<ItemKind, number>,
    lock: LibraryLock | undefined,
  ) {
    this.#catalog = catalog;
    this.#indexes = indexes;
    const { dimensions } = places.photo;
    this.#vectors = byKind(() => new VectorCache(dimensions, (id) => catalog.embedding(id)));
    this.#places = places;
    this.#saved = saved;
    this.#lock = lock;
  }

  /**
   * Opens, or for a writer creates, the library and makes its indexes agree with its rows.
   * @throws ERR_LIBRARY_LOCKED, ERR_DATABASE_NEWER, ERR_DATABASE_DAMAGED, ERR_MODEL_MISMATCH, ERR_PATH_NOT_FOUND
   */
  static async open(options: LibraryOptions): Promise<Library> {
    const { folder, modelId, dimensions, readOnly } = options;
    if (!readOnly) makeFolder(folder);
    const lock = readOnly ? undefined : LibraryLock.acquire(folder);
    let catalog: Catalog | undefined;
    try {
      catalog = new Catalog(join(folder, CATALOG_FILE), modelId, readOnly);
      checkModel(catalog, modelId, folder);
      const parameters = { ...DEFAULT_HNSW, ...options.hnsw };
      const place = (kind: ItemKind): SnapshotPlace => ({
        folder: join(folder, VECTORS_FOLDER),
        kind,
        model: modelId,
        dimensions,
        parameters,
      });
      const places = byKind(place);
      const opening = (from: Catalog, kind: ItemKind): ReturnType<typeof openIndex> =>
        openIndex(from, places[kind], readOnly, (done, total) => options.onRebuild?.(kind, done, total));
      const opened = {
        photo: await opening(catalog, 'photo'),
        caption: await opening(catalog, 'caption'),
      };
      const indexes = byKind((kind) => opened[kind].index);
      const saved = byKind((kind) => opened[kind].generation);
      return new Library(catalog, indexes, places, saved, lock);
    } catch (error) {
      catalog?.close();
      lock?.release();
      throw error;
    }
  }

  static exists(folder: string): boolean {
    return existsSync(join(folder, CATALOG_FILE));
  }

  /**
   * Ids of the models whose vectors a library holds; none where it is empty or not there.
   * @throws ERR_DATABASE_NEWER, ERR_DATABASE_DAMAGED
   */
  static models(folder: string): string[] {
    if (!Library.exists(folder)) return [];
    // No embedding is read, so no model is meant.
    const catalog = new Catalog(join(folder, CATALOG_FILE), '', true);
    try {
      return catalog.models().map(({ key }) => key);
    } finally {
      catalog.close();
    }
  }

  item(id: ItemId): Item | undefined {
    return this.#catalog.item(id);
  }

  embedding(id: ItemId): Float32Array | undefined {
    return this.#catalog.embedding(id);
  }

  /** How many items of a kind a search looks at. */
  searchable(kind: ItemKind): number {
    return this.#indexes[kind].size;
  }

  search(kind: ItemKind, query: Float32Array, k: number): Neighbour[] {
    return this.#indexes[kind].search(query, k);
  }

  /** The k nearest among these items, exactly; ids of another kind or of no item must not be among them. */
  searchAmong(kind: ItemKind, query: Float32Array, ids: ArrayLike<number>, k: number): Neighbour[] {
    return this.#vectors[kind].searchAmong(query, ids, k);
  }

  /**
   * The k nearest that a condition accepts, by asking the index for more and more.
   * @param share how many of all are expected to be accepted, 0…1
   */
  searchWhere(
    kind: ItemKind,
    query: Float32Array,
    k: number,
    accepts: (id: ItemId) => boolean,
    share: number,
  ): Neighbour[] {
    return searchWhere(this.#indexes[kind], query, k, accepts, share);
  }

  /** Every item of a kind with its embedding, by ascending id, a page of rows at a time; the library may change meanwhile. */
  embeddings(kind: ItemKind): IterableIterator<StoredEmbedding> {
    return this.#catalog.embeddings(kind);
  }

  has(kind: ItemKind, contentHash: string): boolean {
    return this.#catalog.has(kind, contentHash);
  }

  get files(): FileRows {
    return this.#catalog.files;
  }

  /** Folders that are watched whenever a process watches this library. */
  get watched(): WatchedFolders {
    return this.#catalog.watched;
  }

  failures(limit: number): FailedFile[] {
    return this.#catalog.files.failures(limit);
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
    const describe = (kind: ItemKind): LibraryStatistics['indexes'][ItemKind] => {
      const index = this.#indexes[kind];
      const graph = index instanceof HnswIndex ? index : undefined;
      return { type: graph ? 'hnsw' : 'exact', size: index.size, tombstones: graph?.tombstones ?? 0 };
    };
    return {
      items: this.#catalog.counts(),
      failed: this.#catalog.files.failed(),
      generation: this.#catalog.generation,
      indexes: byKind(describe),
    };
  }

  /** Looks for what should never be: damage, items without embeddings, indexes that disagree with the rows. */
  examine(): { problems: string[]; unembedded: number; drift: Record<ItemKind, Drift> } {
    return {
      problems: this.#catalog.integrityProblems(),
      unembedded: this.#catalog.unembedded(),
      drift: byKind((kind) => measureDrift(this.#indexes[kind], this.#catalog, kind)),
    };
  }

  /** Writes the graphs that changed since they were last written. */
  async save(): Promise<void> {
    if (this.#lock === undefined || this.#behind) return;
    this.#saving ??= this.#writeSnapshots().finally(() => {
      this.#saving = undefined;
      for (const delta of this.#postponed.splice(0)) this.#follow(delta);
    });
    await this.#saving;
  }

  async close(): Promise<void> {
    try {
      await this.#saving;
      await this.save();
    } finally {
      this.#catalog.close();
      this.#lock?.release();
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  async #writeSnapshots(): Promise<void> {
    const generation = this.#catalog.generation;
    for (const kind of ITEM_KINDS) {
      const index = this.#indexes[kind];
      if (this.#saved[kind] === generation || !(index instanceof HnswIndex) || index.isEmpty) continue;
      await writeSnapshot(this.#places[kind], index, generation);
      this.#saved[kind] = generation;
    }
  }

  #follow(delta: CatalogDelta): void {
    if (this.#saving) {
      this.#postponed.push(delta);
      return;
    }
    try {
      for (const { kind, id } of delta.removed) {
        this.#indexes[kind].remove(id);
        this.#vectors[kind].remove(id);
      }
      for (const { kind, id, vector } of delta.added) this.#indexes[kind].add(id, vector);
    } catch (error) {
      this.#behind = true;
      throw error;
    }
  }
}

function byKind<T>(value: (kind: ItemKind) => T): Record<ItemKind, T> {
  return { photo: value('photo'), caption: value('caption') };
}

function makeFolder(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true });
  } catch (error) {
    throw pathError(error, folder, 'ERR_CONFIG_INVALID');
  }
}

/** Vectors of two models are never compared: a library that has only another model's is refused. */
function checkModel(catalog: Catalog, modelId: string, folder: string): void {
  const models = catalog.models();
  if (models.length === 0 || models.some(({ key }) => key === modelId)) return;
  const own = models.map(({ key }) => key).join(', ');
  const message = `The library ${folder} was embedded with ${own}, not with ${modelId}. Open it with that model (--model), or ingest into another --data-dir.`;
  throw new SightlineError('ERR_MODEL_MISMATCH', message, { details: { library: own, model: modelId } });
}
