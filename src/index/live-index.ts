/**
 * The index that queries see: a graph, and beside it the vectors that the graph does not have yet, which are compared one
 * by one. An addition is thus findable at once and costs a copy; moving it into the graph, some hundred times as dear, is
 * done in small steps when nobody waits, and building a whole graph is done elsewhere. Every answer is of both parts.
 */
import { IdSet } from '../core/id-set.js';
import type { ItemId } from '../core/item.js';
import type { Neighbour, VectorIndex } from '../core/ports.js';
import { ExactIndex } from './exact-index.js';
import type { HnswIndex } from './hnsw-index.js';

export class LiveIndex implements VectorIndex {
  readonly #dimensions: number;
  #graph: HnswIndex | undefined;
  /** What the graph lacks. No id is in both. */
  #fresh: ExactIndex;

  constructor(dimensions: number, graph?: HnswIndex) {
    this.#dimensions = dimensions;
    this.#graph = graph;
    this.#fresh = new ExactIndex(dimensions);
  }

  get graph(): HnswIndex | undefined {
    return this.#graph;
  }

  /** How many vectors are not in the graph. */
  get fresh(): number {
    return this.#fresh.size;
  }

  get size(): number {
    return (this.#graph?.size ?? 0) + this.#fresh.size;
  }

  has(id: ItemId): boolean {
    return this.#fresh.has(id) || (this.#graph?.has(id) ?? false);
  }

  *ids(): IterableIterator<ItemId> {
    if (this.#graph) yield* this.#graph.ids();
    yield* this.#fresh.ids();
  }

  add(id: ItemId, vector: Float32Array): void {
    if (!this.#graph?.has(id)) this.#fresh.add(id, vector);
  }

  remove(id: ItemId): void {
    this.#graph?.remove(id);
    this.#fresh.remove(id);
  }

  search(query: Float32Array, k: number): Neighbour[] {
    const [old, fresh] = [this.#graph?.search(query, k) ?? [], this.#fresh.search(query, k)];
    if (fresh.length === 0) return old;
    return [...old, ...fresh].toSorted(bySimilarity).slice(0, k);
  }

  /** Moves up to so many vectors into the graph. */
  absorb(count: number): void {
    const graph = this.#graph;
    if (graph === undefined) throw new TypeError('Expected a graph to move vectors into.');
    for (const id of Array.from(take(this.#fresh.ids(), count))) {
      graph.add(id, this.#fresh.vector(id) as Float32Array);
      this.#fresh.remove(id);
    }
  }

  /**
   * Another graph takes the place of the one that is there; between two calls nobody notices. What went while it was built
   * is removed from it, what came stays beside it, and what it should have and has not is asked for.
   */
  replace(graph: HnswIndex, vector: (id: ItemId) => Float32Array | undefined): void {
    const before = this.#graph;
    const known = before?.ids().copy() ?? new IdSet();
    for (const id of this.#fresh.ids()) known.add(id);
    for (const id of graph.ids().without(known)) graph.remove(id);
    const fresh = new ExactIndex(this.#dimensions);
    for (const id of known.without(graph.ids())) {
      const missing = this.#fresh.vector(id) ?? vector(id);
      if (missing) fresh.add(id, missing);
    }
    this.#graph = graph;
    this.#fresh = fresh;
    before?.free();
  }

  /** Gives the memory back; the index is empty afterwards. */
  free(): void {
    this.#graph?.free();
    this.#graph = undefined;
    this.#fresh = new ExactIndex(this.#dimensions);
  }
}

const bySimilarity = (a: Neighbour, b: Neighbour): number => b.similarity - a.similarity || a.id - b.id;

function* take<T>(values: Iterable<T>, count: number): IterableIterator<T> {
  let taken = 0;
  for (const value of values) {
    if (taken++ === count) return;
    yield value;
  }
}
