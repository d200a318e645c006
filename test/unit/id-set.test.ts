import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { IdSet } from '#src/core/id-set.js';

const steps = fc.array(fc.tuple(fc.boolean(), fc.oneof(fc.nat(200), fc.nat(100_000))), { maxLength: 200 });

describe('IdSet', () => {
  it('holds what a Set holds, upwards, and survives its bytes', () => {
    fc.assert(
      fc.property(steps, (list) => {
        const [ids, twin] = [new IdSet(), new Set<number>()];
        for (const [add, id] of list) {
          if (add) expect(ids.add(id)).toBe(!twin.has(id));
          else expect(ids.delete(id)).toBe(twin.has(id));
          if (add) twin.add(id);
          else twin.delete(id);
        }
        const upwards = [...twin].toSorted((a, b) => a - b);
        for (const one of [ids, ids.copy(), IdSet.fromBytes(ids.toBytes()), IdSet.of(twin)]) {
          expect([...one]).toEqual(upwards);
          expect(one.size).toBe(twin.size);
        }
        const odd = IdSet.of(upwards.filter((id) => id % 2 === 1));
        expect([...ids.without(odd)]).toEqual(upwards.filter((id) => id % 2 === 0));
        expect(ids.without(odd).size).toBe(twin.size - odd.size);
        ids.clear();
        expect([...ids]).toEqual([]);
      }),
    );
  });
});
