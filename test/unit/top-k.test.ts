import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { byScore, TopK } from '#src/core/top-k.js';

describe('TopK', () => {
  it('keeps what sorting everything would keep', () => {
    const scores = fc.array(fc.integer({ min: -5, max: 5 }), { maxLength: 200 });
    fc.assert(
      fc.property(scores, fc.nat(20), (list, k) => {
        const best = new TopK(k);
        const all = list.map((score, id) => ({ id, score }));
        for (const { id, score } of all) best.offer(id, score);
        expect(best.sorted()).toEqual(all.toSorted(byScore).slice(0, k));
      }),
    );
  });
});
