/**
 * One kind's index of one model, and its upkeep: what is fresh moves into the graph step by step; where much is fresh (an
 * import, a graph that was lost) or much is deleted, a graph is built anew by a thread and takes the old one's place. No
 * answer waits for any of it, and at every moment queries see exactly the rows.
 */
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { IdSet } from '../core/id-set.js';
import type { ItemId } from '../core/item.js';
import type { Log } from '../core/log.js';
import type { Neighbour } from '../core/ports.js';
import type { Catalog } from './catalog/catalog.js';
import type { EmbeddingRows } from './catalog/embedding-rows.js';
import { buildGraph, type BuildReport } from './graph-build.js';
import { HnswIndex } from './hnsw-index.js';
import { LiveIndex } from './live-index.js';
import { readSnapshot, type SnapshotPlace, writeSnapshot } from './snapshot.js';
import { VectorCache } from './vector-cache.js';

/** When a graph is built anew instead of being mended. */
export interface RebuildLimits {
  /** Fresh vectors, at the least, that are built elsewhere instead of being moved one by one. */
  readonly fresh: number;
  /** Tombstones, at the least, and their share of all vectors. */
  readonly tombstones: number;
  readonly tombstoneShare: number;
}

export const REBUILD_LIMITS: RebuildLimits = { fresh: 4096, tombstones: 1000, tombstoneShare: 0.2 };

/** Milliseconds of work between two looks at the event loop. */
const SLICE_MS = 8;
/** Insertions between two looks at the clock. */
const STEP = 8;
/** Stands in a snapshot that shows no state exactly. */
const NO_GENERATION = 0;
/** Rows between two looks at the event loop. */
const PAGE = 1024;

export interface KeeperOptions {
  readonly catalog: Catalog;
  readonly rows: EmbeddingRows;
  readonly place: SnapshotPlace;
  readonly readOnly: boolean;
  readonly limits: RebuildLimits;
  readonly log: Log;
  readonly onRebuild: (report: BuildReport) => void;
}

export interface IndexStatistics {
  readonly type: 'hnsw' | 'exact';
  readonly size: number;
  /** Vectors that were removed and still cost memory, until a rebuild. */
  readonly tombstones: number;
  /** Vectors that are not in the graph yet and are compared one by one. */
  readonly fresh: number;
  readonly efSearch: number;
  /** Where a rebuild stands. */
  readonly building: BuildReport | null;
}

export class IndexKeeper {
  readonly #options: KeeperOptions;
  readonly #live: LiveIndex;
  readonly #vectors: VectorCache;
  readonly #closing = new AbortController();
  /** The generation that the snapshot on disk shows. */
  #saved: number;
  #tending: Promise<void> | undefined;
  #saving: Promise<void> | undefined;
  #building: BuildReport | undefined;
  /** Building failed: answers stay exact, and the next opening tries again. */
  #failed = false;
  #discarded = false;
  #efSearch: number;

  private constructor(options: KeeperOptions, live: LiveIndex, saved: number) {
    this.#options = options;
    this.#live = live;
    this.#saved = saved;
    this.#vectors = new VectorCache(options.place.dimensions, (id) => options.rows.get(id));
    this.#efSearch = options.place.parameters.efSearch;
  }

  /** From the snapshot, with what it lacks beside it; complete when this returns, however little of it is a graph. */
  static async open(options: KeeperOptions): Promise<IndexKeeper> {
    const { catalog, rows, place } = options;
    const snapshot = await readSnapshot(place);
    const current = catalog.generation;
    const live = new LiveIndex(place.dimensions, snapshot?.index);
    if (snapshot?.generation !== current) await catchUp(live, rows, place);
    const keeper = new IndexKeeper(options, live, snapshot?.generation ?? NO_GENERATION);
    keeper.tend();
    return keeper;
  }

  get size(): number {
    return this.#live.size;
  }

  /** Every id in the index. */
  ids(): Iterable<ItemId> {
    return this.#live.ids();
  }

  has(id: ItemId): boolean {
    return this.#live.has(id);
  }

  get efSearch(): number {
    return this.#efSearch;
  }

  set efSearch(width: number) {
    this.#efSearch = width;
    if (this.#live.graph) this.#live.graph.efSearch = width;
  }

  search(query: Float32Array, k: number): Neighbour[] {
    return this.#live.search(query, k);
  }

  searchAmong(query: Float32Array, ids: ArrayLike<number>, k: number): Neighbour[] {
    return this.#vectors.searchAmong(query, ids, k);
  }

  add(id: ItemId, vector: Float32Array): void {
    this.#live.add(id, vector);
  }

  remove(id: ItemId): void {
    this.#live.remove(id);
    this.#vectors.remove(id);
  }

  statistics(): IndexStatistics {
    const { graph, size, fresh } = this.#live;
    return {
      type: graph ? 'hnsw' : 'exact',
      size,
      tombstones: graph?.tombstones ?? 0,
      fresh,
      efSearch: this.#efSearch,
      building: this.#building ?? null,
    };
  }

  /** Begins what is to be done, if anything is. */
  tend(): void {
    if (this.#options.readOnly || this.#failed || this.#tending || this.#saving) return;
    if (!this.#needsRebuild && this.#live.fresh === 0) return;
    this.#tending = this.#tend()
      .catch((error: unknown) => {
        if (this.#closing.signal.aborted) return;
        this.#failed = true;
        const { kind } = this.#options.place;
        this.#options.log.error({ kind, error: String(error) }, 'the vector index could not be built');
      })
      .finally(() => {
        this.#tending = undefined;
      });
  }

  /** Waits until everything is in the graph, and writes it where it changed since it was last written. */
  async save(): Promise<void> {
    if (this.#options.readOnly) return;
    while (this.#tending || this.#saving) await (this.#tending ?? this.#saving);
    const { catalog, place } = this.#options;
    const { graph, fresh } = this.#live;
    // From here to the first write nothing else runs: the graph shows this generation.
    const generation = fresh === 0 ? catalog.generation : NO_GENERATION;
    if (graph === undefined || graph.isEmpty || this.#saved === generation) return;
    this.#saving = this.#save(place, graph, generation).finally(() => {
      this.#saving = undefined;
      this.tend();
    });
    await this.#saving;
  }

  /** Ends what is under way, and writes the graph as it is. */
  async close(): Promise<void> {
    // What is little is done; what is much is left to the next opening.
    if (this.#building || this.#needsRebuild) this.#closing.abort();
    await this.#tending;
    this.#closing.abort();
    try {
      await this.save();
    } finally {
      this.#live.free();
    }
  }

  /** Lets go of everything and writes nothing. */
  async discard(): Promise<void> {
    this.#discarded = true;
    this.#closing.abort();
    while (this.#tending || this.#saving) await (this.#tending ?? this.#saving);
    this.#live.free();
  }

  get #needsRebuild(): boolean {
    const { fresh: many, tombstones: least, tombstoneShare: share } = this.#options.limits;
    const { graph, fresh } = this.#live;
    if (fresh >= many && fresh > (graph?.size ?? 0) / 2) return true;
    return (
      graph !== undefined &&
      graph.tombstones >= least &&
      graph.tombstones > share * (graph.size + graph.tombstones)
    );
  }

  async #tend(): Promise<void> {
    const { signal } = this.#closing;
    for (;;) {
      // Also lets a batch of changes end before the first of them is moved.
      await nextTurn();
      if (this.#discarded) return;
      if (this.#needsRebuild) {
        if (signal.aborted) return;
        await this.#rebuild(signal);
      } else if (this.#live.fresh > 0) this.#absorbSlice();
      else return;
    }
  }

  #absorbSlice(): void {
    if (this.#live.graph === undefined) this.#useEmptyGraph();
    const end = performance.now() + SLICE_MS;
    while (this.#live.fresh > 0 && performance.now() < end) this.#live.absorb(STEP);
  }

  #useEmptyGraph(): void {
    const { dimensions, parameters } = this.#options.place;
    this.#live.replace(HnswIndex.empty(dimensions, parameters), () => undefined);
    this.efSearch = this.#efSearch;
  }

  async #rebuild(signal: AbortSignal): Promise<void> {
    const { catalog, place, rows, onRebuild } = this.#options;
    if (this.size === 0) return this.#useEmptyGraph();
    this.#building = { done: 0, total: this.size };
    try {
      await buildGraph({ catalogFile: catalog.path, place }, signal, (report) => {
        this.#building = report;
        onRebuild(report);
      });
      const snapshot = await readSnapshot(place);
      if (snapshot === undefined) throw new Error('The graph that was built cannot be read.');
      this.#live.replace(snapshot.index, (id) => rows.get(id));
      this.efSearch = this.#efSearch;
      this.#saved = snapshot.generation;
    } finally {
      this.#building = undefined;
    }
  }

  async #save(place: SnapshotPlace, graph: HnswIndex, generation: number): Promise<void> {
    // Rows first: after a power cut a snapshot must not show more than they do.
    this.#options.catalog.flush();
    await writeSnapshot(place, graph, generation);
    this.#saved = generation;
  }
}

/** What went is removed; what came lies beside the graph. Ids are never given twice, so comparing them is enough. */
async function catchUp(live: LiveIndex, rows: EmbeddingRows, { kind }: SnapshotPlace): Promise<void> {
  const ids: IdSet = rows.ids(kind);
  for (const id of Array.from(live.ids())) if (!ids.has(id)) live.remove(id);
  if (live.size === 0) {
    // Nothing to begin with: in the order of the file, which is many times as fast.
    let read = 0;
    for (const { id, vector } of rows.all(kind)) {
      live.add(id, vector);
      if (++read % PAGE === 0) await nextTurn();
    }
    return;
  }
  let read = 0;
  for (const id of ids) {
    if (live.has(id)) continue;
    const vector = rows.get(id);
    if (vector) live.add(id, vector);
    if (++read % PAGE === 0) await nextTurn();
  }
}
