import type { ItemId } from '../core/item.js';
import type { Neighbour } from '../core/ports.js';
import { dotAt } from '../core/embedding.js';
import { TopK } from '../core/top-k.js';
import { ExactIndex } from './exact-index.js';

/** Bytes of vectors that are kept: a quarter of a million of 256 dimensions. */
const BUDGET = 256 * 1024 ** 2;

/**
 * Exact search among a few of many. The graph cannot give its vectors cheaply, so they come from the rows, and those that
 * were asked for stay in memory as far as the budget goes; beyond it they are read again each time.
 */
export class VectorCache {
  readonly #read: (id: ItemId) => Float32Array | undefined;
  readonly #kept: ExactIndex;
  readonly #most: number;

  constructor(dimensions: number, read: (id: ItemId) => Float32Array | undefined, budget: number = BUDGET) {
    this.#read = read;
    this.#kept = new ExactIndex(dimensions);
    this.#most = Math.floor(budget / (dimensions * Float32Array.BYTES_PER_ELEMENT));
  }

  /** The k nearest among these ids; those without a row are passed over. */
  searchAmong(query: Float32Array, ids: ArrayLike<number>, k: number): Neighbour[] {
    const best = new TopK(k);
    const within: number[] = [];
    for (let i = 0; i < ids.length; i++) {
      const id = ids[i] as ItemId;
      if (this.#kept.has(id)) within.push(id);
      else {
        const vector = this.#read(id);
        if (vector === undefined) continue;
        if (this.#kept.size < this.#most) {
          this.#kept.add(id, vector);
          within.push(id);
        } else best.offer(id, dotAt(query, vector, 0));
      }
    }
    for (const { id, similarity } of this.#kept.searchAmong(query, within, k)) best.offer(id, similarity);
    return best.sorted().map(({ id, score }) => ({ id: id as ItemId, similarity: score }));
  }

  /** An item's embedding never changes, but items go. */
  remove(id: ItemId): void {
    this.#kept.remove(id);
  }
}
