import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dot, unit } from '#src/core/embedding.js';
import { blend, type Weighted } from '#src/engine/query-algebra.js';

const DIMENSIONS = 6;
const direction: fc.Arbitrary<Float32Array> = fc
  .array(fc.integer({ min: -100, max: 100 }), { minLength: DIMENSIONS, maxLength: DIMENSIONS })
  .filter((values) => values.some((value) => value !== 0))
  .map((values) => unit(Float32Array.from(values)));
const weight = fc.integer({ min: 1, max: 40 }).map((value) => value / 8);
const part: fc.Arbitrary<Weighted> = fc.record({ vector: direction, weight });
const parts = fc.array(part, { minLength: 1, maxLength: 5 });
const some = fc.array(part, { maxLength: 3 });

/** What cancels itself out has no direction to compare. */
function blended(wanted: readonly Weighted[], unwanted: readonly Weighted[]): Float32Array {
  const sum = new Float64Array(DIMENSIONS);
  for (const [list, sign] of [
    [wanted, 1],
    [unwanted, -0.5],
  ] as const)
    for (const { vector, weight: w } of list)
      for (let i = 0; i < DIMENSIONS; i++) sum[i] = (sum[i] as number) + sign * w * (vector[i] as number);
  fc.pre(Math.hypot(...sum) > 0.05);
  return blend(wanted, unwanted);
}

const expectSame = (a: Float32Array, b: Float32Array): void => {
  for (let i = 0; i < DIMENSIONS; i++) expect(a[i]).toBeCloseTo(b[i] as number, 4);
};

describe('the query formula', () => {
  it('has unit length', () => {
    fc.assert(
      fc.property(parts, some, (wanted, unwanted) => {
        const vector = blended(wanted, unwanted);
        expect(dot(vector, vector)).toBeCloseTo(1, 4);
      }),
    );
  });

  it('does not change when all weights are multiplied by one number', () => {
    fc.assert(
      fc.property(parts, some, weight, (wanted, unwanted, factor) => {
        const times = (list: readonly Weighted[]): Weighted[] =>
          list.map((one) => ({ ...one, weight: one.weight * factor }));
        expectSame(blended(wanted, unwanted), blended(times(wanted), times(unwanted)));
      }),
    );
  });

  it('does not depend on the order of its parts', () => {
    fc.assert(
      fc.property(parts, some, (wanted, unwanted) => {
        expectSame(blended(wanted, unwanted), blended(wanted.toReversed(), unwanted.toReversed()));
      }),
    );
  });

  it('counts a part of weight 2 as two parts of weight 1', () => {
    fc.assert(
      fc.property(part, parts, (first, others) => {
        const doubled = { ...first, weight: first.weight * 2 };
        expectSame(blended([doubled, ...others], []), blended([first, first, ...others], []));
      }),
    );
  });

  it('never turns towards what is left out, nor lifts the item most like it by a single place', () => {
    fc.assert(
      fc.property(
        parts,
        part,
        fc.array(direction, { minLength: 2, maxLength: 12 }),
        (wanted, leftOut, items) => {
          const before = blended(wanted, []);
          const after = blended(wanted, [leftOut]);
          expect(dot(after, leftOut.vector)).toBeLessThanOrEqual(dot(before, leftOut.vector) + 1e-5);
          const likeness = items.map((item) => dot(item, leftOut.vector));
          const most = items[likeness.indexOf(Math.max(...likeness))] as Float32Array;
          // Ties, and differences below what 32 bits can tell, are nobody's place.
          const ahead = (query: Float32Array): Set<Float32Array> =>
            new Set(items.filter((item) => dot(item, query) > dot(most, query) + 1e-5));
          const still = ahead(blended(wanted, [leftOut]));
          for (const item of ahead(before))
            expect(still.has(item) || dot(item, after) >= dot(most, after) - 1e-5).toBe(true);
        },
      ),
    );
  });
});
