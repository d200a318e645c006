/**
 * How many pairs to read at once. A large batch costs less a pair, but whoever waits for its first pair waits for all, and one
 * that is not done when time is up was read for nobody. So a batch is as large as fits into the time that is left, at the
 * pace of the last ones: on a machine that has other things to do, the same pairs take several times as long.
 */

/** A batch in hand is the longest that another query waits for this one. */
const BATCH_MS = 40;
const MOST_IN_BATCH = 16;
/** Until a first batch has shown how it goes; as cheap a pair as in larger ones. */
const FIRST_BATCH = 4;
/** Of the time left, what a batch may be expected to take: it may take longer. */
const USABLE = 0.8;
/** What the last batch counts beside those before it. */
const WEIGHT = 0.5;

export class Pace {
  #millisecondsEach: number;

  /** @param millisecondsEach for one pair, as far as is known */
  constructor(millisecondsEach: number) {
    this.#millisecondsEach = millisecondsEach;
  }

  /** Pairs that can be read in so many milliseconds, no more than make one batch; 0 where not even one can. */
  batch(left: number): number {
    const fitting = Math.floor((left * USABLE) / this.#millisecondsEach);
    const usual = Math.max(1, Math.floor(BATCH_MS / this.#millisecondsEach));
    return Math.max(0, Math.min(fitting, usual, MOST_IN_BATCH));
  }

  /** The same for a reading that has just begun: one pair is tried whatever the time. */
  firstBatch(left: number): number {
    return Math.max(1, Math.min(FIRST_BATCH, this.batch(left)));
  }

  /** Learns what a batch took. */
  took(pairs: number, milliseconds: number): void {
    if (pairs > 0) this.#millisecondsEach += WEIGHT * (milliseconds / pairs - this.#millisecondsEach);
  }
}
