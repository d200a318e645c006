import { describe, expect, it } from 'vitest';
import type { ImageTextPair, PairScorer } from '#src/encoder/mod.js';
import { equalLengths } from '#src/encoder/scorers/equal-lengths.js';
import { seededRandom } from '#src/engine/rerank/bootstrap.js';
import { selfTest } from '#src/engine/rerank/self-test.js';
import { BrightnessScorer } from '../support/brightness-scorer.js';

const scoring = (score: (pair: ImageTextPair) => number): PairScorer => ({
  name: 'match',
  score: async (pairs) => pairs.map(score),
});

describe('the self-test of a scorer', () => {
  it('believes one that tells pairs apart', async () => {
    const { millisecondsEach } = await selfTest(new BrightnessScorer(), 'small', 4);
    expect(millisecondsEach).toBeGreaterThan(0);
  });

  it.each([
    ['the same score to everything', scoring(() => 3.5)],
    ['no numbers', scoring(({ text }) => (text.length > 12 ? NaN : 1))],
    [
      'another order',
      ((): PairScorer => {
        const random = seededRandom(3);
        return scoring(() => random());
      })(),
    ],
  ])('refuses one that gives %s', async (words, scorer) => {
    const refusal = expect.objectContaining({
      code: 'ERR_MODEL_CAPABILITY',
      message: expect.stringContaining(words) as string,
    });
    await expect(selfTest(scorer, 'small', 4)).rejects.toThrow(refusal);
  });
});

describe('equalLengths', () => {
  it('puts places of equal length together, up to the limit', () => {
    expect(equalLengths([3, 5, 3, 3, 5], 2)).toEqual([[0, 2], [1, 4], [3]]);
    expect(equalLengths([], 2)).toEqual([]);
  });
});
