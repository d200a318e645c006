/** How fast the pipeline may go: not at all, at its own speed, or giving way to searches. */

/** Milliseconds after a search in which a considerate backfill begins nothing. */
const REST = 300;
/** A stream of searches does not stop a backfill for good: it begins one file in this many milliseconds. */
const LONGEST_REST = 1500;
/** While it is considerate a run of the encoder takes this many pictures, so that a search waits for few. */
const CONSIDERATE_BATCH = 4;

export interface Measures {
  readonly decoders: number;
  readonly batch: number;
}

export class Pace {
  readonly #wake: () => void;
  #paused = false;
  #considerate = false;
  #searches = 0;
  #searchedAt = -Infinity;
  #begunAt = -Infinity;
  #timer: NodeJS.Timeout | undefined;

  /** @param wake called when work that was not allowed may be allowed now */
  constructor(wake: () => void) {
    this.#wake = wake;
  }

  get isPaused(): boolean {
    return this.#paused;
  }

  /** What is under way is finished; nothing is begun. */
  pause(): void {
    this.#paused = true;
  }

  resume(): void {
    this.#paused = false;
    this.#wake();
  }

  /** Yield to searches (`--nice`). */
  set considerate(considerate: boolean) {
    this.#considerate = considerate;
    this.#wake();
  }

  get considerate(): boolean {
    return this.#considerate;
  }

  /** Somebody waits for this: a considerate backfill rests meanwhile, and a little longer. */
  async giveWayTo<Result>(search: () => Promise<Result>): Promise<Result> {
    this.#searches++;
    try {
      return await search();
    } finally {
      this.#searches--;
      this.#searchedAt = performance.now();
      // What it waited for may have been longer.
      clearTimeout(this.#timer);
      this.#timer = undefined;
      if (this.#considerate) this.#wake();
    }
  }

  measures({ decoders, batch }: Measures): Measures {
    if (!this.#considerate) return { decoders, batch };
    return { decoders: 1, batch: Math.min(batch, CONSIDERATE_BATCH) };
  }

  /** Whether the next file may be begun now. Fresh files are few and somebody waits for them: they do not rest. */
  allows(fresh: boolean): boolean {
    if (this.#paused) return false;
    if (!this.#considerate || fresh) return true;
    const now = performance.now();
    const rest = this.#searches > 0 ? Infinity : this.#searchedAt + REST;
    const rested = Math.min(rest, this.#begunAt + LONGEST_REST) - now;
    if (rested <= 0) {
      this.#begunAt = now;
      return true;
    }
    if (this.#timer !== undefined) return false;
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.#wake();
    }, rested);
    return false;
  }
}
