import type { ItemId } from '../core/item.js';
import type { Neighbour, VectorIndex } from '../core/ports.js';
import { TopK } from '../core/top-k.js';

const INITIAL_CAPACITY = 256;

/**
 * The brute-force twin of the HNSW graph: every vector is compared. Obviously right, so it is the oracle of the tests; and
 * quick enough for small libraries (a million multiplications take about a millisecond), so it also answers where there is
 * no graph.
 */
export class ExactIndex implements VectorIndex {
  readonly #dimensions: number;
  /** Row r of the matrix belongs to #idOfRow[r]. */
  #matrix: Float32Array;
  readonly #idOfRow: ItemId[] = [];
  readonly #rowOfId = new Map<ItemId, number>();

  constructor(dimensions: number) {
    this.#dimensions = dimensions;
    this.#matrix = new Float32Array(INITIAL_CAPACITY * dimensions);
  }

  get size(): number {
    return this.#idOfRow.length;
  }

  has(id: ItemId): boolean {
    return this.#rowOfId.has(id);
  }

  ids(): Iterable<ItemId> {
    return this.#rowOfId.keys();
  }

  add(id: ItemId, vector: Float32Array): void {
    let row = this.#rowOfId.get(id);
    if (row === undefined) {
      row = this.#idOfRow.push(id) - 1;
      this.#rowOfId.set(id, row);
    }
    const start = row * this.#dimensions;
    if (start >= this.#matrix.length) this.#grow();
    this.#matrix.set(vector, start);
  }

  /** The last row takes the place of the removed one. */
  remove(id: ItemId): void {
    const row = this.#rowOfId.get(id);
    if (row === undefined) return;
    const last = this.#idOfRow.length - 1;
    const moved = this.#idOfRow[last] as ItemId;
    this.#matrix.copyWithin(row * this.#dimensions, last * this.#dimensions, (last + 1) * this.#dimensions);
    this.#idOfRow[row] = moved;
    this.#rowOfId.set(moved, row);
    this.#idOfRow.pop();
    this.#rowOfId.delete(id);
  }

  search(query: Float32Array, k: number): Neighbour[] {
    const best = new TopK(k);
    const dimensions = this.#dimensions;
    const matrix = this.#matrix;
    for (let row = 0, start = 0; row < this.#idOfRow.length; row++, start += dimensions) {
      let similarity = 0;
      for (let i = 0; i < dimensions; i++) similarity += (matrix[start + i] as number) * (query[i] as number);
      best.offer(this.#idOfRow[row] as number, similarity);
    }
    return best.sorted().map(({ id, score }) => ({ id: id as ItemId, similarity: score }));
  }

  #grow(): void {
    const larger = new Float32Array(this.#matrix.length * 2);
    larger.set(this.#matrix);
    this.#matrix = larger;
  }
}
