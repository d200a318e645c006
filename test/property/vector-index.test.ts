import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { unit } from '#src/core/embedding.js';
import type { ItemId } from '#src/core/item.js';
import { ExactIndex } from '#src/index/exact-index.js';
import { HnswIndex } from '#src/index/hnsw-index.js';

const DIMENSIONS = 8;

/** A repeatable direction for each number. */
function vectorOf(seed: number): Float32Array {
  return unit(Float32Array.from({ length: DIMENSIONS }, (_, i) => Math.sin(seed * 12.9898 + i * 78.233) * 2));
}

type Step =
  | { readonly add: number }
  | { readonly remove: number }
  | { readonly search: number; readonly k: number };

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ add: fc.nat(60) }) },
  { weight: 2, arbitrary: fc.record({ remove: fc.nat(60) }) },
  { weight: 2, arbitrary: fc.record({ search: fc.nat(1000), k: fc.integer({ min: 1, max: 70 }) }) },
);

describe('the graph and its brute-force twin', () => {
  it('agree after any sequence of additions, removals and searches', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 120 }), (steps) => {
        const exact = new ExactIndex(DIMENSIONS);
        const graph = HnswIndex.empty(DIMENSIONS);
        // Ids are given once for ever: adding again after a removal takes a new one, as the catalog does.
        const current = new Map<number, ItemId>();
        let next = 1;
        for (const one of steps) {
          if ('add' in one && !current.has(one.add)) {
            const id = next++ as ItemId;
            current.set(one.add, id);
            exact.add(id, vectorOf(one.add));
            graph.add(id, vectorOf(one.add));
          } else if ('remove' in one) {
            const id = current.get(one.remove) ?? (9999 as ItemId);
            current.delete(one.remove);
            exact.remove(id);
            graph.remove(id);
          } else if ('search' in one) {
            const query = vectorOf(one.search + 0.5);
            const [truth, found] = [exact.search(query, one.k), graph.search(query, one.k)];
            // With so few vectors the beam covers all of them: the graph must find every one.
            expect(found.map(({ id }) => id)).toEqual(truth.map(({ id }) => id));
            for (const [i, { similarity }] of found.entries()) {
              expect(similarity).toBeCloseTo(truth[i]?.similarity ?? NaN, 5);
            }
          }
          expect(graph.size).toBe(exact.size);
          expect(new Set(graph.ids())).toEqual(new Set(exact.ids()));
        }
      }),
      { numRuns: 60 },
    );
  });

  it('grow beyond their first capacity', () => {
    const exact = new ExactIndex(DIMENSIONS);
    const graph = HnswIndex.empty(DIMENSIONS);
    for (let id = 1; id <= 3000; id++) {
      exact.add(id as ItemId, vectorOf(id));
      graph.add(id as ItemId, vectorOf(id));
    }
    const [truth, found] = [exact.search(vectorOf(0.5), 10), graph.search(vectorOf(0.5), 10)];
    expect(graph.size).toBe(3000);
    expect(found.filter(({ id }) => truth.some((one) => one.id === id)).length).toBeGreaterThanOrEqual(9);
  });

  it('answer nothing when they are empty', () => {
    expect(new ExactIndex(DIMENSIONS).search(vectorOf(1), 5)).toEqual([]);
    expect(HnswIndex.empty(DIMENSIONS).search(vectorOf(1), 5)).toEqual([]);
  });
});
