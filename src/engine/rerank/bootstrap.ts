/** How sure a share is: the interval in which it lies in 95 of 100 samples that are drawn again from the same queries. */

export interface Interval {
  readonly low: number;
  readonly high: number;
}

const RESAMPLES = 1000;
const CONFIDENCE = 0.95;

/** mulberry32: small, and the same numbers every time, so that a measurement can be repeated. */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** One query's outcome. */
export interface Outcome {
  /** Outcomes of one group are drawn together. */
  readonly group: number;
  readonly value: number;
}

/** The 95 % interval of the mean of the outcomes. */
export function meanInterval(outcomes: readonly Outcome[], seed = 1): Interval {
  const totals = new Map<number, { sum: number; count: number }>();
  for (const { group, value } of outcomes) {
    const { sum, count } = totals.get(group) ?? { sum: 0, count: 0 };
    totals.set(group, { sum: sum + value, count: count + 1 });
  }
  const groups = [...totals.values()];
  const random = seededRandom(seed);
  const means = Array.from({ length: RESAMPLES }, () => {
    let [sum, count] = [0, 0];
    for (let i = 0; i < groups.length; i++) {
      const drawn = groups[Math.floor(random() * groups.length)];
      sum += drawn?.sum ?? 0;
      count += drawn?.count ?? 0;
    }
    return sum / count;
  }).toSorted((x, y) => x - y);
  const at = (share: number): number => means[Math.round(share * (RESAMPLES - 1))] as number;
  return { low: at((1 - CONFIDENCE) / 2), high: at((1 + CONFIDENCE) / 2) };
}
