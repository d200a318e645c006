/**
 * hnswlib-node, and every oddity of it, in this one file:
 *
 * - it takes and gives plain arrays, and labels that must fit 32 bits;
 * - its capacity is fixed, so it grows by a quarter before it is full: the locks that it keeps for each place cost memory
 *   even where nothing is stored;
 * - deleting only marks; marking twice, or marking a label that it does not know, throws. So the live labels are kept here;
 * - while it is being written its bytes must not change: what is removed meanwhile is marked afterwards;
 * - its memory is outside V8's sight, so it would stay until some later collection: `free` gives it back by beginning anew;
 * - it answers with fewer than k where k comes near the number of live vectors, and refuses a k beyond its capacity;
 * - a filter callback that throws aborts the process: none is ever passed;
 * - writing to a disk that fills up succeeds, as far as it tells: `isWhole` looks;
 * - reading a damaged file may crash: whoever reads one has compared its checksum first;
 * - a graph without vectors comes back from disk with no capacity and breaks when it grows: none is ever written.
 *
 * The space is `ip` (distance 1 − dot product) because embeddings have unit length.
 */
import { open } from 'node:fs/promises';
import hnswlib from 'hnswlib-node';
import { IdSet } from '../core/id-set.js';
import type { ItemId } from '../core/item.js';
import type { Neighbour, VectorIndex } from '../core/ports.js';

export interface HnswParameters {
  /** Links per node above layer 0 (2M on layer 0). Too low loses recall, too high costs memory. Typical 8…48. */
  readonly M: number;
  /** Beam width while building. Too low builds a poor graph for good, too high builds slowly. Typical 100…400. */
  readonly efConstruction: number;
  /** Beam width while searching up to 100,000 vectors: recall against time. Raised to k where k is larger. Typical 50…400. */
  readonly efSearch: number;
}

/** Texts are out of distribution for a graph of photos, so the beams are wider than the library's defaults. */
export const DEFAULT_HNSW: HnswParameters = { M: 16, efConstruction: 200, efSearch: 128 };

/** The file's first numbers: 12 of eight bytes, but for the two of four that say where a search enters. */
const HEADER_BYTES = 96;
const COUNT_AT = 16;
const ELEMENT_BYTES_AT = 24;
const LENGTH_BYTES = 4;

/**
 * The same beam misses more in a larger graph (a million: 6 of 100 of the ten nearest, where a hundred thousand missed 1 of
 * 1,000). From here on it widens with the square root of the number of vectors; a search takes under twice as long for it.
 */
const WIDENS_FROM = 100_000;

const INITIAL_CAPACITY = 1024;
const GROWTH = 1.25;
/** Layers are drawn at random; a fixed seed makes a rebuilt graph the same graph. */
const SEED = 100;

export class HnswIndex implements VectorIndex {
  readonly #graph: hnswlib.HierarchicalNSW;
  readonly #live: IdSet;
  /** What the addon reads a vector from: one array, so that a search or an insertion makes none. */
  readonly #plain: number[];
  #efSearch: number;
  /** Removed while the graph is written: hidden already, marked afterwards. */
  #unmarked: ItemId[] | undefined;

  private constructor(
    graph: hnswlib.HierarchicalNSW,
    dimensions: number,
    parameters: HnswParameters,
    live: IdSet,
  ) {
    this.#graph = graph;
    this.#plain = Array.from({ length: dimensions }, () => 0.5);
    this.#efSearch = parameters.efSearch;
    this.#live = live;
  }

  /** @param capacity how many vectors are expected; it grows where more come */
  static empty(
    dimensions: number,
    parameters: HnswParameters = DEFAULT_HNSW,
    capacity: number = INITIAL_CAPACITY,
  ): HnswIndex {
    const graph = new hnswlib.HierarchicalNSW('ip', dimensions);
    graph.initIndex(Math.max(capacity, 1), parameters.M, parameters.efConstruction, SEED);
    return new HnswIndex(graph, dimensions, parameters, new IdSet());
  }

  /**
   * Reads a graph on a thread of its own.
   * @param live the labels in the file that are not marked as deleted
   */
  static async read(
    file: string,
    dimensions: number,
    live: IdSet,
    parameters: HnswParameters,
  ): Promise<HnswIndex> {
    const graph = new hnswlib.HierarchicalNSW('ip', dimensions);
    await graph.readIndex(file);
    return new HnswIndex(graph, dimensions, parameters, live);
  }

  /**
   * Whether a file that was written holds a graph to its end. The lengths that it names are followed: 12 numbers, the
   * vectors with their lowest links, then for each vector the length of its upper links and those links.
   */
  static async isWhole(file: string): Promise<boolean> {
    await using handle = await open(file, 'r');
    const { size } = await handle.stat();
    const { buffer: header, bytesRead } = await handle.read(Buffer.alloc(HEADER_BYTES), 0, HEADER_BYTES, 0);
    if (bytesRead < HEADER_BYTES) return false;
    const count = Number(header.readBigUInt64LE(COUNT_AT));
    let at = HEADER_BYTES + count * Number(header.readBigUInt64LE(ELEMENT_BYTES_AT));
    if (at > size) return false;
    const links = Buffer.alloc(size - at);
    await handle.read(links, 0, links.length, at);
    at = 0;
    for (let i = 0; i < count; i++) {
      if (at + LENGTH_BYTES > links.length) return false;
      at += LENGTH_BYTES + links.readUInt32LE(at);
    }
    return at === links.length;
  }

  get size(): number {
    return this.#live.size;
  }

  get efSearch(): number {
    return this.#efSearch;
  }

  set efSearch(width: number) {
    this.#efSearch = width;
  }

  /** Whether there is anything to write: live vectors or marked ones. */
  get isEmpty(): boolean {
    return this.#graph.getCurrentCount() === 0;
  }

  /** Vectors that are removed and still cost memory. */
  get tombstones(): number {
    return this.#graph.getCurrentCount() - this.#live.size;
  }

  has(id: ItemId): boolean {
    return this.#live.has(id);
  }

  /** Upwards. */
  ids(): IdSet {
    return this.#live;
  }

  add(id: ItemId, vector: Float32Array): void {
    const capacity = this.#graph.getMaxElements();
    if (this.#graph.getCurrentCount() >= capacity)
      this.#graph.resizeIndex(Math.ceil(Math.max(capacity * GROWTH, capacity + INITIAL_CAPACITY)));
    this.#graph.addPoint(this.#asPlain(vector), id);
    this.#live.add(id);
  }

  remove(id: ItemId): void {
    if (!this.#live.delete(id)) return;
    if (this.#unmarked) this.#unmarked.push(id);
    else this.#graph.markDelete(id);
  }

  search(query: Float32Array, k: number): Neighbour[] {
    const wanted = Math.min(k, this.#live.size);
    if (wanted === 0) return [];
    // Those that are not yet marked still take places.
    const hidden = this.#unmarked?.length ?? 0;
    this.#graph.setEf(Math.max(this.#beam(), wanted + hidden));
    const { neighbors, distances } = this.#graph.searchKnn(this.#asPlain(query), wanted + hidden);
    const found: Neighbour[] = [];
    for (const [place, id] of neighbors.entries())
      if (this.#live.has(id)) found.push({ id: id as ItemId, similarity: 1 - (distances[place] as number) });
    return found.toSorted((a, b) => b.similarity - a.similarity || a.id - b.id).slice(0, wanted);
  }

  #beam(): number {
    return Math.round(this.#efSearch * Math.sqrt(Math.max(1, this.size / WIDENS_FROM)));
  }

  /** Writes the graph, not durably: whoever calls flushes and renames. Nothing may be added meanwhile. */
  async write(file: string): Promise<void> {
    this.#unmarked = [];
    try {
      await this.#graph.writeIndex(file);
    } finally {
      const removed = this.#unmarked;
      this.#unmarked = undefined;
      for (const id of removed) this.#graph.markDelete(id);
    }
  }

  /** Gives the memory back. The index is empty afterwards and of no further use. */
  free(): void {
    this.#live.clear();
    this.#graph.initIndex(1);
  }

  #asPlain(vector: Float32Array): number[] {
    const plain = this.#plain;
    for (let i = 0; i < plain.length; i++) plain[i] = vector[i] as number;
    return plain;
  }
}
