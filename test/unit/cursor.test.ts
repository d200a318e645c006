import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ItemId } from '#src/core/item.js';
import { cursorAfter, fingerprintOf, placeOf } from '#src/engine/cursor.js';

const QUERY = Float32Array.of(0.6, 0.8);
const listOf = (ids: readonly number[]): { id: ItemId }[] => ids.map((id) => ({ id: id as ItemId }));

/** Where the page after the first `count` of a list begins in another list. */
function nextIn(list: readonly number[], count: number, later: readonly number[]): number | undefined {
  const asked = fingerprintOf(QUERY, {});
  const cursor = cursorAfter(asked, count, list[count - 1] as ItemId | undefined);
  return placeOf(cursor, asked)?.after(listOf(later));
}

describe('a cursor', () => {
  it('is of one query: of its vector and of every option that its answer depends on', () => {
    const asked = fingerprintOf(QUERY, { kind: 'photo' });
    expect(asked).toMatch(/^[\w-]{16}$/);
    expect(fingerprintOf(QUERY.slice(), {})).toBe(asked);
    const others = [
      fingerprintOf(Float32Array.of(0.8, 0.6), {}),
      fingerprintOf(QUERY, { kind: 'caption' }),
      fingerprintOf(QUERY, { filter: { field: 'size', op: '<', value: 1 } }),
      fingerprintOf(QUERY, { mode: 'keyword' }),
      fingerprintOf(QUERY, { cutoff: false }),
      fingerprintOf(QUERY, { sort: 'newest' }),
      fingerprintOf(QUERY, { rerank: false }),
    ];
    expect(new Set([asked, ...others]).size).toBe(others.length + 1);
    // How much of an answer is wanted does not change it.
    expect(fingerprintOf(QUERY, { limit: 3, offset: 5 })).toBe(asked);
  });

  it('is refused where it is none, or of another query, with what to do', () => {
    const asked = fingerprintOf(QUERY, {});
    const other = cursorAfter(fingerprintOf(QUERY, { kind: 'caption' }), 20, 1 as ItemId);
    const refusal = (words: RegExp): unknown =>
      expect.objectContaining({
        code: 'ERR_REQUEST_INVALID',
        message: expect.stringMatching(words) as string,
      });
    expect(() => placeOf(other, asked)).toThrow(refusal(/this same query.*Search again from the beginning/));
    for (const text of ['', '20', `${asked}.-1.3`, `${asked}.1.2.3`, `${asked}.1e3.2`, `${asked}.9999999.1`])
      expect(() => placeOf(text, asked)).toThrow(refusal(/next of an earlier answer/));
    expect(placeOf(undefined, asked)).toBeUndefined();
  });

  it('goes on behind the item that stood last, wherever it stands by then', () => {
    const list = [10, 11, 12, 13, 14, 15];
    expect(nextIn(list, 3, list)).toBe(3);
    // One came before it, two went, and last it went itself: then the place is all there is.
    expect(nextIn(list, 3, [9, ...list])).toBe(4);
    expect(nextIn(list, 3, [12, 13, 14, 15])).toBe(1);
    expect(nextIn(list, 3, [10, 11, 13, 14, 15])).toBe(3);
    expect(nextIn(list, 3, [])).toBe(3);
  });

  it('neither repeats nor skips what stays, whatever comes before it or goes', () => {
    const ids = fc.uniqueArray(fc.integer({ min: 1, max: 300 }), { minLength: 2, maxLength: 60 });
    fc.assert(
      fc.property(
        ids,
        fc.nat(),
        fc.array(fc.boolean(), { minLength: 60, maxLength: 60 }),
        (list, at, stays) => {
          const count = 1 + (at % (list.length - 1));
          // What stood last stays; of the others some go, and new ones come to the front.
          const later = [1001, 1002, ...list.filter((_, i) => i === count - 1 || stays[i])];
          const expected = list.slice(count).filter((_, i) => stays[count + i]);
          expect(later.slice(nextIn(list, count, later))).toEqual(expected);
        },
      ),
    );
  });
});
