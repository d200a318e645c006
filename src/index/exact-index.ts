import { dotAt } from '../core/embedding.js';
import type { ItemId } from '../core/item.js';
import type { Neighbour, VectorIndex } from '../core/ports.js';
import { TopK } from '../core/top-k.js';

/** Rows in one piece of the matrix: it grows by pieces, so that growing copies nothing. */
const PIECE = 1024;
const NO_ROW = -1;

/**
 * The brute-force twin of the HNSW graph: every vector is compared. Obviously right, so it is the oracle of the tests; and
 * quick enough for small libraries (some ten million multiplications take as many milliseconds), so it also answers where
 * there is no graph, and among the few that a filter leaves. A scan allocates nothing for each row.
 */
export class ExactIndex implements VectorIndex {
  readonly #dimensions: number;
  /** Row r lies in piece ⌊r / PIECE⌋ and belongs to #idOfRow[r]. */
  readonly #pieces: Float32Array[] = [];
  readonly #idOfRow: ItemId[] = [];
  /** By id, which are given upwards from 1: a plain array of integers is a tenth of a `Map`. */
  #rowOfId = new Int32Array(PIECE).fill(NO_ROW);

  constructor(dimensions: number) {
    this.#dimensions = dimensions;
  }

  get size(): number {
    return this.#idOfRow.length;
  }

  has(id: ItemId): boolean {
    return this.#row(id) !== NO_ROW;
  }

  ids(): Iterable<ItemId> {
    return this.#idOfRow;
  }

  add(id: ItemId, vector: Float32Array): void {
    let row = this.#row(id);
    if (row === NO_ROW) {
      row = this.#idOfRow.push(id) - 1;
      if (row % PIECE === 0) this.#pieces.push(new Float32Array(PIECE * this.#dimensions));
      this.#setRow(id, row);
    }
    this.#piece(row).set(vector, this.#start(row));
  }

  /** The last row takes the place of the removed one. */
  remove(id: ItemId): void {
    const row = this.#row(id);
    if (row === NO_ROW) return;
    const last = this.#idOfRow.length - 1;
    const moved = this.#idOfRow[last] as ItemId;
    this.#piece(row).set(this.#view(last), this.#start(row));
    this.#idOfRow[row] = moved;
    this.#setRow(moved, row);
    this.#setRow(id, NO_ROW);
    this.#idOfRow.pop();
    if (last % PIECE === 0) this.#pieces.pop();
  }

  /** The vector itself, not a copy; undefined where the id is not in the index. */
  vector(id: ItemId): Float32Array | undefined {
    const row = this.#row(id);
    return row === NO_ROW ? undefined : this.#view(row);
  }

  search(query: Float32Array, k: number): Neighbour[] {
    const best = new TopK(k);
    const dimensions = this.#dimensions;
    const ids = this.#idOfRow;
    for (let first = 0; first < ids.length; first += PIECE) {
      const piece = this.#piece(first);
      const rows = Math.min(PIECE, ids.length - first);
      for (let row = 0; row < rows; row++)
        best.offer(ids[first + row] as number, dotAt(query, piece, row * dimensions));
    }
    return neighboursOf(best);
  }

  /** The k nearest among these ids; those that the index lacks are passed over. */
  searchAmong(query: Float32Array, ids: ArrayLike<number>, k: number): Neighbour[] {
    const best = new TopK(k);
    for (let i = 0; i < ids.length; i++) {
      const id = ids[i] as ItemId;
      const row = this.#row(id);
      if (row !== NO_ROW) best.offer(id, dotAt(query, this.#piece(row), this.#start(row)));
    }
    return neighboursOf(best);
  }

  #row(id: ItemId): number {
    return this.#rowOfId[id] ?? NO_ROW;
  }

  #setRow(id: ItemId, row: number): void {
    if (id >= this.#rowOfId.length) {
      const larger = new Int32Array(Math.max(id + 1, this.#rowOfId.length * 2)).fill(NO_ROW);
      larger.set(this.#rowOfId);
      this.#rowOfId = larger;
    }
    this.#rowOfId[id] = row;
  }

  #piece(row: number): Float32Array {
    return this.#pieces[Math.floor(row / PIECE)] as Float32Array;
  }

  #start(row: number): number {
    return (row % PIECE) * this.#dimensions;
  }

  #view(row: number): Float32Array {
    const start = this.#start(row);
    return this.#piece(row).subarray(start, start + this.#dimensions);
  }
}

function neighboursOf(best: TopK): Neighbour[] {
  return best.sorted().map(({ id, score }) => ({ id: id as ItemId, similarity: score }));
}
