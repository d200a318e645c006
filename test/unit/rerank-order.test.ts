import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fusedLogit, type PairWeights, probability } from '#src/core/fusion.js';
import type { ItemId } from '#src/core/item.js';
import type { Candidate } from '#src/engine/candidates.js';
import { merged, type Reading } from '#src/engine/rerank/merge.js';
import { checkedPatience, depthWithin } from '#src/engine/rerank/patience.js';

const WEIGHTS: PairWeights = { scale: 10, hubness: 0.5, weight: 2, bias: -3, temperature: 1.5 };

const candidate = (id: number, similarity: number): Candidate => ({
  id: id as ItemId,
  similarity,
  score: similarity,
  fusedScore: null,
  confidence: null,
  words: 'none',
});

describe('merging what was read with what was not', () => {
  it('orders by the log-odds, and says from where to where each went', () => {
    const readings = [
      { candidate: candidate(1, 0.9), hubness: 0.2, fused: 0 },
      { candidate: candidate(2, 0.8), hubness: 0.4, fused: 4 },
      { candidate: candidate(3, 0.7), hubness: 0, fused: undefined },
    ];
    const [first, second, third] = merged(readings, WEIGHTS, true) as [Candidate, Candidate, Candidate];
    expect([first.id, second.id, third.id]).toEqual([2, 1, 3]);
    expect(first).toMatchObject({ fusedScore: 4, rank: { candidate: 2, final: 1 } });
    expect(first.score).toBeCloseTo((10 * (0.8 - 0.5 * 0.4) + 2 * 4 - 3) / 1.5);
    expect(first.confidence).toBeCloseTo(probability(first.score));
    expect(third).toMatchObject({ fusedScore: null, confidence: null });
    expect(third.rank).toBeUndefined();
    // As if it fitted as badly as the worst that was read, and were a hub as those are.
    expect(third.score).toBeCloseTo(fusedLogit(WEIGHTS, { similarity: 0.7, hubness: 0.3, fused: 0 }));
  });

  it('tells no probability where nothing was fitted, and changes nothing where nothing was read', () => {
    const one = { candidate: candidate(1, 0.5), hubness: 0, fused: 1 };
    expect(merged([one], WEIGHTS, false)[0]?.confidence).toBeNull();
    expect(merged([{ ...one, fused: undefined }], WEIGHTS, true)).toEqual([one.candidate]);
  });

  it('keeps everybody, the read ones in front, and scores never rise', () => {
    const reading = fc.record({
      similarity: fc.double({ min: -1, max: 1, noNaN: true }),
      hubness: fc.double({ min: -1, max: 1, noNaN: true }),
      fused: fc.option(fc.double({ min: -50, max: 50, noNaN: true }), { nil: undefined }),
    });
    fc.assert(
      fc.property(fc.array(reading, { maxLength: 40 }), fc.boolean(), (list, calibrated) => {
        const readings = list.map(
          ({ similarity, hubness, fused }, id): Reading => ({
            candidate: candidate(id, similarity),
            hubness,
            fused,
          }),
        );
        const order = merged(readings, WEIGHTS, calibrated);
        expect(order.map(({ id }) => id).toSorted((a, b) => a - b)).toEqual([...list.keys()]);
        const read = readings.filter(({ fused }) => fused !== undefined).length;
        expect(order.slice(0, read).every(({ fusedScore }) => fusedScore !== null)).toBe(true);
        if (read === 0) return;
        for (const [place, { score }] of order.slice(1).entries())
          expect(score).toBeLessThanOrEqual(order[place]?.score ?? NaN);
      }),
    );
  });
});

describe('how deep and how long', () => {
  it.each([
    [300, 5, 60],
    [300, 1, 64],
    [300, 400, 8],
  ])('%d ms at %d ms each: %d candidates', (budget, each, depth) => {
    expect(depthWithin(budget, each)).toBe(depth);
  });

  it.each([
    { budgetMs: 0 },
    { budgetMs: -5 },
    { budgetMs: NaN },
    { budgetMs: 60_001 },
    { depth: 0 },
    { depth: 1001 },
    { depth: 1.5 },
  ])('%j is refused', (asked) => {
    expect(() => checkedPatience(asked)).toThrow(expect.objectContaining({ code: 'ERR_REQUEST_INVALID' }));
  });

  it('takes what means something, or nothing at all', () => {
    expect(checkedPatience({ depth: 1000, budgetMs: 0.5 })).toEqual({ depth: 1000, budgetMs: 0.5 });
    expect([checkedPatience(true), checkedPatience(undefined)]).toEqual([{}, {}]);
  });
});
