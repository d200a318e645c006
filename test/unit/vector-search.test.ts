import { describe, expect, it } from 'vitest';
import { unit } from '#src/core/embedding.js';
import type { ItemId } from '#src/core/item.js';
import { ExactIndex } from '#src/index/exact-index.js';
import { VectorCache } from '#src/index/vector-cache.js';

const DIMENSIONS = 6;
const COUNT = 2500;
const vectorOf = (n: number): Float32Array =>
  unit(Float32Array.from({ length: DIMENSIONS }, (_, i) => Math.sin(n * 12.9898 + i * 78.233)));
const ids = Array.from({ length: COUNT }, (_, n) => (n + 1) as ItemId);

function filled<Index extends ExactIndex>(index: Index): Index {
  for (const id of ids) index.add(id, vectorOf(id));
  return index;
}

describe('searching among some', () => {
  const exact = filled(new ExactIndex(DIMENSIONS));
  const query = vectorOf(0.5);
  const all = exact.search(query, COUNT);
  const among = ids.filter((id) => id % 7 === 0);
  const truth = all.filter(({ id }) => id % 7 === 0).slice(0, 10);

  it('compares each of them and no other', () => {
    expect(exact.searchAmong(query, Uint32Array.from(among), 10)).toEqual(truth);
    expect(exact.searchAmong(query, [...among, 999_999], 10)).toEqual(truth);
  });

  it('is the same from the rows, within the budget of the cache and beyond it', () => {
    for (const vectors of [0, 100, COUNT]) {
      const read = (id: ItemId): Float32Array | undefined => (id > COUNT ? undefined : vectorOf(id));
      const cache = new VectorCache(DIMENSIONS, read, vectors * DIMENSIONS * 4);
      for (let round = 0; round < 2; round++)
        expect(cache.searchAmong(query, [...among, COUNT + 1], 10)).toEqual(truth);
      cache.remove(7 as ItemId);
      expect(cache.searchAmong(query, among, 10)).toEqual(truth);
    }
  });
});
