import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { LeasePool } from '#src/encoder/runtime/lease-pool.js';
import { SessionHost } from '#src/encoder/runtime/session-host.js';
import { tokenBatch } from '#src/encoder/token-batch.js';

const GRAPH = fileURLToPath(new URL('../../data/model/text.onnx', import.meta.url));
const FEEDS = tokenBatch([[0, 5, 6, 7, 2]], 1);

/** Values are the numbers of their making; `released` has those that were let go. */
function pool(idleMs: number): { leases: LeasePool<number>; released: number[] } {
  const released: number[] = [];
  let made = 0;
  const leases = new LeasePool<number>({
    create: (key) => (key === 'bad' ? Promise.reject(new Error('bad')) : Promise.resolve(++made)),
    release: async (value) => void released.push(value),
    idleMs,
  });
  return { leases, released };
}

const value = (one: number): Promise<number> => Promise.resolve(one);

describe('leases', () => {
  it('are shared, let go when idle, and made anew', async () => {
    const { leases, released } = pool(5);
    expect(await Promise.all([leases.use('a', value), leases.use('a', value)])).toEqual([1, 1]);
    expect(leases.keys()).toEqual(['a']);
    await expect.poll(() => released).toEqual([1]);
    expect(leases.keys()).toEqual([]);
    expect(await leases.use('a', value)).toBe(2);
  });

  it('are not let go while someone uses them', async () => {
    const { leases, released } = pool(1);
    const long = leases.use('a', async () => {
      await leases.use('a', value);
      await wait(20);
      return released.length;
    });
    expect(await long).toBe(0);
  });

  it('stay for ever where the time is 0, and do not keep what could not be made', async () => {
    const { leases, released } = pool(0);
    await expect(leases.use('bad', value)).rejects.toThrow('bad');
    await leases.use('a', value);
    await wait(10);
    expect([leases.keys(), released]).toEqual([['a'], []]);
  });
});

describe('sessions', () => {
  it('leave memory when idle and come back at the next use', async () => {
    const host = new SessionHost(1, { idleMs: 50 });
    const first = await host.run(GRAPH, FEEDS, 'query');
    expect((await host.inspect()).loaded).toEqual([GRAPH]);
    await expect.poll(async () => (await host.inspect()).loaded).toEqual([]);
    expect(await host.run(GRAPH, FEEDS, 'query')).toEqual(first);
    await host.close();
  });

  it('take their worker with them, which comes back as well', async () => {
    const host = new SessionHost(1, { idleMs: 20 });
    expect(host.awake).toBe(false);
    const first = await host.run(GRAPH, FEEDS, 'query');
    expect(host.awake).toBe(true);
    await expect.poll(() => host.awake, { timeout: 10_000 }).toBe(false);
    expect(await host.run(GRAPH, FEEDS, 'query')).toEqual(first);
    await host.close();
  });
});
