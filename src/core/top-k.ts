/**
 * The k best of a stream of scored ids: a binary min-heap, so that a scan of n scores costs O(n log k) and no n-sized
 * array. Ids and scores lie in two arrays of numbers: an offer that is not kept allocates nothing. Equal scores are ordered
 * by id, which makes results repeatable and lets a brute-force scan be an oracle.
 */
export interface Scored {
  readonly id: number;
  readonly score: number;
}

/** Sorts into result order: higher score first, then lower id. */
export function byScore(a: Scored, b: Scored): number {
  return b.score - a.score || a.id - b.id;
}

export class TopK {
  readonly #k: number;
  /** Heap order: the parent is never better than its children, so the worst kept one is at the root. */
  readonly #ids: number[] = [];
  readonly #scores: number[] = [];

  constructor(k: number) {
    this.#k = k;
  }

  offer(id: number, score: number): void {
    const size = this.#ids.length;
    if (size < this.#k) {
      this.#ids.push(id);
      this.#scores.push(score);
      this.#siftUp(size);
    } else if (size > 0 && this.#isBeforeWorst(id, score)) {
      this.#ids[0] = id;
      this.#scores[0] = score;
      this.#siftDown(0);
    }
  }

  /** The kept entries, best first. */
  sorted(): Scored[] {
    return this.#ids.map((id, place) => ({ id, score: this.#scores[place] as number })).toSorted(byScore);
  }

  #isBeforeWorst(id: number, score: number): boolean {
    const worst = this.#scores[0] as number;
    return score > worst || (score === worst && id < (this.#ids[0] as number));
  }

  /** Whether the entry at `a` stands before the one at `b` in a result. */
  #precedes(a: number, b: number): boolean {
    const [left, right] = [this.#scores[a] as number, this.#scores[b] as number];
    return left > right || (left === right && (this.#ids[a] as number) < (this.#ids[b] as number));
  }

  #siftUp(start: number): void {
    let child = start;
    while (child > 0) {
      const parent = (child - 1) >> 1;
      if (!this.#precedes(parent, child)) return;
      this.#swap(parent, child);
      child = parent;
    }
  }

  #siftDown(start: number): void {
    const size = this.#ids.length;
    let parent = start;
    for (;;) {
      let worst = parent;
      const [left, right] = [2 * parent + 1, 2 * parent + 2];
      if (left < size && this.#precedes(worst, left)) worst = left;
      if (right < size && this.#precedes(worst, right)) worst = right;
      if (worst === parent) return;
      this.#swap(parent, worst);
      parent = worst;
    }
  }

  #swap(a: number, b: number): void {
    const [ids, scores] = [this.#ids, this.#scores];
    const [id, score] = [ids[a] as number, scores[a] as number];
    ids[a] = ids[b] as number;
    scores[a] = scores[b] as number;
    ids[b] = id;
    scores[b] = score;
  }
}
