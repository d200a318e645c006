/**
 * The k best of a stream of scored ids: a binary min-heap, so that a scan of n scores costs O(n log k) and no n-sized
 * array. Equal scores are ordered by id, which makes results repeatable and lets a brute-force scan be an oracle.
 */
export interface Scored {
  readonly id: number;
  readonly score: number;
}

/** True where `a` stands before `b` in a result: higher score first, then lower id. */
function precedes(a: Scored, b: Scored): boolean {
  return a.score > b.score || (a.score === b.score && a.id < b.id);
}

/** Sorts into result order. */
export function byScore(a: Scored, b: Scored): number {
  return b.score - a.score || a.id - b.id;
}

export class TopK {
  readonly #k: number;
  /** Heap order: the parent is never better than its children, so the worst kept one is at the root. */
  readonly #heap: Scored[] = [];

  constructor(k: number) {
    this.#k = k;
  }

  offer(id: number, score: number): void {
    const heap = this.#heap;
    const entry = { id, score };
    if (heap.length < this.#k) {
      heap.push(entry);
      this.#siftUp(heap.length - 1);
    } else if (this.#k > 0 && precedes(entry, heap[0] as Scored)) {
      heap[0] = entry;
      this.#siftDown(0);
    }
  }

  /** The kept entries, best first. */
  sorted(): Scored[] {
    return this.#heap.toSorted(byScore);
  }

  #siftUp(start: number): void {
    const heap = this.#heap;
    let child = start;
    while (child > 0) {
      const parent = (child - 1) >> 1;
      if (!precedes(heap[parent] as Scored, heap[child] as Scored)) return;
      this.#swap(parent, child);
      child = parent;
    }
  }

  #siftDown(start: number): void {
    const heap = this.#heap;
    let parent = start;
    for (;;) {
      let worst = parent;
      for (const child of [2 * parent + 1, 2 * parent + 2]) {
        if (child < heap.length && precedes(heap[worst] as Scored, heap[child] as Scored)) worst = child;
      }
      if (worst === parent) return;
      this.#swap(parent, worst);
      parent = worst;
    }
  }

  #swap(a: number, b: number): void {
    const heap = this.#heap;
    [heap[a], heap[b]] = [heap[b] as Scored, heap[a] as Scored];
  }
}
