/**
 * hnswlib-node, and every oddity of it, in this one file:
 *
 * - it takes and gives plain arrays, and labels that must fit 32 bits;
 * - its capacity is fixed, so it is doubled before it is full;
 * - deleting only marks; marking twice, or marking a label that it does not know, throws. So the live labels are kept here;
 * - it answers with fewer than k where k comes near the number of live vectors, and refuses a k beyond its capacity;
 * - a filter callback that throws aborts the process: none is ever passed;
 * - reading a damaged file may crash: whoever reads one has compared its checksum first;
 * - a graph without vectors comes back from disk with no capacity and breaks when it grows: none is ever written.
 *
 * The space is `ip` (distance 1 − dot product) because embeddings have unit length.
 */
import hnswlib from 'hnswlib-node';
import type { ItemId } from '../core/item.js';
import type { Neighbour, VectorIndex } from '../core/ports.js';

export interface HnswParameters {
  /** Links per node above layer 0 (2M on layer 0). Too low loses recall, too high costs memory. Typical 8…48. */
  readonly M: number;
  /** Beam width while building. Too low builds a poor graph for good, too high builds slowly. Typical 100…400. */
  readonly efConstruction: number;
  /** Beam width while searching: recall against time. Raised to k where k is larger. Typical 50…400. */
  readonly efSearch: number;
}

/** Texts are out of distribution for a graph of photos, so the beams are wider than the library's defaults. */
export const DEFAULT_HNSW: HnswParameters = { M: 16, efConstruction: 200, efSearch: 128 };

const INITIAL_CAPACITY = 1024;
/** Layers are drawn at random; a fixed seed makes a rebuilt graph the same graph. */
const SEED = 100;

export class HnswIndex implements VectorIndex {
  readonly #graph: hnswlib.HierarchicalNSW;
  readonly #parameters: HnswParameters;
  readonly #live: Set<ItemId>;

  private constructor(graph: hnswlib.HierarchicalNSW, parameters: HnswParameters, live: Set<ItemId>) {
    this.#graph = graph;
    this.#parameters = parameters;
    this.#live = live;
  }

  static empty(dimensions: number, parameters: HnswParameters = DEFAULT_HNSW): HnswIndex {
    const graph = new hnswlib.HierarchicalNSW('ip', dimensions);
    graph.initIndex(INITIAL_CAPACITY, parameters.M, parameters.efConstruction, SEED);
    return new HnswIndex(graph, parameters, new Set());
  }

  /** @param live the labels in the file that are not marked as deleted */
  static read(
    file: string,
    dimensions: number,
    live: Iterable<ItemId>,
    parameters: HnswParameters,
  ): HnswIndex {
    const graph = new hnswlib.HierarchicalNSW('ip', dimensions);
    graph.readIndexSync(file);
    return new HnswIndex(graph, parameters, new Set(live));
  }

  get size(): number {
    return this.#live.size;
  }

  /** Whether there is anything to write: live vectors or marked ones. */
  get isEmpty(): boolean {
    return this.#graph.getCurrentCount() === 0;
  }

  /** Vectors that are marked as deleted and still cost memory. */
  get tombstones(): number {
    return this.#graph.getCurrentCount() - this.#live.size;
  }

  has(id: ItemId): boolean {
    return this.#live.has(id);
  }

  ids(): Iterable<ItemId> {
    return this.#live.keys();
  }

  add(id: ItemId, vector: Float32Array): void {
    const capacity = this.#graph.getMaxElements();
    if (this.#graph.getCurrentCount() >= capacity) this.#graph.resizeIndex(capacity * 2);
    this.#graph.addPoint(Array.from(vector), id);
    this.#live.add(id);
  }

  remove(id: ItemId): void {
    if (!this.#live.delete(id)) return;
    this.#graph.markDelete(id);
  }

  search(query: Float32Array, k: number): Neighbour[] {
    const wanted = Math.min(k, this.#live.size);
    if (wanted === 0) return [];
    this.#graph.setEf(Math.max(this.#parameters.efSearch, wanted));
    const { neighbors, distances } = this.#graph.searchKnn(Array.from(query), wanted);
    return neighbors
      .map((id, i) => ({ id: id as ItemId, similarity: 1 - (distances[i] as number) }))
      .toSorted((a, b) => b.similarity - a.similarity || a.id - b.id);
  }

  /** Writes the graph, not durably: whoever calls flushes and renames. */
  write(file: string): Promise<boolean> {
    return this.#graph.writeIndex(file);
  }
}
