import { describe, expect, it } from 'vitest';
import { RunBatcher } from '#src/encoder/runtime/run-batcher.js';

/** Doubles numbers, refuses runs with a 13, and keeps what it was given. */
function doubler(limit: number): { batcher: RunBatcher<number, number>; runs: number[][] } {
  const runs: number[][] = [];
  const run = async (items: readonly number[]): Promise<number[]> => {
    runs.push([...items]);
    await new Promise((done) => setImmediate(done));
    if (items.includes(13)) throw new Error('thirteen');
    return items.map((item) => 2 * item);
  };
  return { batcher: new RunBatcher({ limit, run }), runs };
}

describe('the run batcher', () => {
  it('merges calls and gives each its own results', async () => {
    const { batcher, runs } = doubler(8);
    const numbers = Array.from({ length: 20 }, (_, i) => 20 + i);
    const calls = numbers.map((number) => batcher.submit([number], 'query'));
    expect(await Promise.all(calls)).toEqual(numbers.map((number) => [2 * number]));
    expect(runs.map((items) => items.length)).toEqual([8, 8, 4]);
  });

  it('runs a lone call in the turn it came', async () => {
    const { batcher, runs } = doubler(8);
    const call = batcher.submit([5], 'query');
    await Promise.resolve();
    expect(runs).toEqual([[5]]);
    expect(await call).toEqual([10]);
  });

  it('cuts a large call and puts it together again', async () => {
    const { batcher, runs } = doubler(4);
    expect(await batcher.submit([1, 2, 3, 4, 5], 'batch')).toEqual([2, 4, 6, 8, 10]);
    expect(runs).toEqual([[1, 2, 3, 4], [5]]);
    expect(await batcher.submit([], 'batch')).toEqual([]);
  });

  it('does not let background work stand before a query', async () => {
    const { batcher, runs } = doubler(1);
    const background = batcher.submit([1, 2, 3, 4], 'batch');
    await batcher.submit([7], 'query');
    expect(runs.findIndex(([item]) => item === 7)).toBeLessThan(3);
    await background;
  });

  it('fails only the call whose items fail alone', async () => {
    const { batcher } = doubler(8);
    const settled = await Promise.allSettled([1, 13, 3].map((item) => batcher.submit([item], 'query')));
    expect(settled.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(await batcher.submit([4], 'query')).toEqual([8]);
  });

  it('does not run the rest of a call that has failed', async () => {
    const { batcher, runs } = doubler(1);
    await expect(batcher.submit([13, 1, 2, 3, 4], 'batch')).rejects.toThrow('thirteen');
    expect(runs.length).toBeLessThan(4);
  });
});
