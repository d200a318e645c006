import { describe, expect, it } from 'vitest';
import { judgeOf, upperTail } from '#src/engine/confidence.js';
import { fuse } from '#src/engine/rank-fusion.js';
import type { ItemId } from '#src/core/item.js';

/** A sample as chance makes it: quantiles of a normal distribution around 0.1. */
function background(count: number): Float64Array {
  const at = (share: number): number => {
    let [low, high] = [-9, 9];
    while (high - low > 1e-9) {
      const middle = (low + high) / 2;
      if (upperTail(middle) > 1 - share) low = middle;
      else high = middle;
    }
    return low;
  };
  return Float64Array.from({ length: count }, (_, i) => Math.tanh(0.1 + 0.05 * at((i + 0.5) / count)));
}

const atDeviations = (z: number): number => Math.tanh(0.1 + 0.05 * z);

describe('confidence', () => {
  it('knows the tail of the normal distribution', () => {
    expect(upperTail(0)).toBeCloseTo(0.5, 6);
    expect(upperTail(1.959964)).toBeCloseTo(0.025, 6);
    expect(upperTail(-1)).toBeCloseTo(0.841345, 5);
    expect(upperTail(5)).toBeCloseTo(2.87e-7, 7);
  });

  it('is near nothing where the best are what chance would make, and near one where they stand out', () => {
    const sample = background(1000);
    const best = Array.from(sample).toReversed().slice(0, 100);
    expect(judgeOf(sample, best, 1000)(best[0] as number)).toBeLessThan(0.6);
    const outstanding = [atDeviations(6), ...best];
    expect(judgeOf(sample, outstanding, 1000)(atDeviations(6))).toBeGreaterThan(0.99);
  });

  it('believes many that are moderately alike more than one of them', () => {
    const sample = background(1000);
    const usual = Array.from(sample).toReversed();
    const judge = (relevant: number): number => {
      const many = [...Array<number>(relevant).fill(atDeviations(2.6)), ...usual].toSorted((a, b) => b - a);
      return judgeOf(sample, many.slice(0, 128), 1000)(atDeviations(2.6));
    };
    expect(judge(60)).toBeGreaterThan(0.9);
    expect(judge(1)).toBeLessThan(judge(60));
  });

  it('never falls as the similarity rises', () => {
    const sample = background(300);
    const best = Array.from(sample).toReversed().slice(0, 50);
    const judge = judgeOf(sample, best, 5000);
    let before = 0;
    for (let similarity = -0.2; similarity < 1; similarity += 0.01) {
      expect(judge(similarity)).toBeGreaterThanOrEqual(before);
      before = judge(similarity);
    }
  });
});

describe('rank fusion', () => {
  const ids = (...list: number[]): ItemId[] => list as ItemId[];

  it('puts what both rankings like first, and gives it 1', () => {
    const words = [{ id: 7 as ItemId, all: true }];
    const [first] = fuse(ids(7, 8, 9), words);
    expect(first).toEqual({ id: 7, score: 1 });
  });

  it('brings what only words know, all of them before the nearest without any', () => {
    const order = fuse(ids(1, 2, 3), [{ id: 9 as ItemId, all: true }]).map(({ id }) => id);
    expect(order).toEqual([9, 1, 2, 3]);
    const some = fuse(ids(1, 2, 3), [{ id: 9 as ItemId, all: false }]).map(({ id }) => id);
    expect(some).toEqual([1, 2, 3, 9]);
  });
});
