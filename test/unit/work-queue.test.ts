import { describe, expect, it } from 'vitest';
import { MemoryGate } from '#src/ingest/memory-gate.js';
import { type Job, type Priority, WorkQueue } from '#src/ingest/work-queue.js';

const job = (path: string, priority: Priority, order: object = {}, size = 1): Job => ({
  file: { path, size, mtimeMs: 1 },
  priority,
  orders: new Set([order]),
});

describe('the queue of files', () => {
  it('gives fresh files first, each kind in the order of coming', () => {
    const queue = new WorkQueue();
    for (const path of ['a', 'b']) queue.add(job(path, 'backfill'));
    for (const path of ['c', 'd']) queue.add(job(path, 'fresh'));
    const order = Array.from({ length: 4 }, () => queue.take()?.file.path);
    expect(order).toEqual(['c', 'd', 'a', 'b']);
    expect(queue.take()).toBeUndefined();
    expect(queue.pending).toBe(4);
  });

  it('holds a path once, in its newest state and at its highest priority, for all who want it', () => {
    const queue = new WorkQueue();
    const [first, second] = [{}, {}];
    queue.add(job('a', 'fresh', first, 1));
    queue.add(job('a', 'backfill', second, 2));
    expect(queue.pending).toBe(1);
    expect(queue.take()).toEqual({
      file: { path: 'a', size: 2, mtimeMs: 1 },
      priority: 'fresh',
      orders: new Set([first, second]),
    });
  });

  it('lets a path that changes while it is under way come again afterwards, and not before', () => {
    const queue = new WorkQueue();
    queue.add(job('a', 'backfill', {}, 1));
    const taken = queue.take() as Job;
    queue.add(job('a', 'fresh', {}, 2));
    expect(queue.take()).toBeUndefined();
    queue.done(taken);
    expect(queue.take()?.file.size).toBe(2);
  });

  it('takes back what waits for one order alone', () => {
    const queue = new WorkQueue();
    const [mine, yours] = [{}, {}];
    queue.add(job('mine', 'backfill', mine));
    queue.add(job('both', 'backfill', mine));
    queue.add(job('both', 'backfill', yours));
    queue.add(job('yours', 'fresh', yours));
    expect(queue.withdraw(mine)).toBe(2);
    expect([queue.take()?.file.path, queue.take()?.file.path, queue.take()]).toEqual([
      'yours',
      'both',
      undefined,
    ]);
  });
});

describe('the memory gate', () => {
  it('admits what fits, in order, and what never fits when it is alone', async () => {
    const gate = new MemoryGate(100);
    const entered: number[] = [];
    const enter = async (bytes: number): Promise<() => void> => {
      const leave = await gate.enter(bytes);
      entered.push(bytes);
      return leave;
    };
    const [first, second] = [await enter(60), await enter(30)];
    const large = enter(500);
    const small = enter(5);
    expect(entered).toEqual([60, 30]);
    first();
    first();
    second();
    (await large)();
    (await small)();
    expect(entered).toEqual([60, 30, 500, 5]);
  });
});
