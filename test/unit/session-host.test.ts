import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Tensors } from '#src/encoder/runtime/messages.js';
import { SessionHost } from '#src/encoder/runtime/session-host.js';
import { tokenBatch } from '#src/encoder/token-batch.js';

const GRAPH = fileURLToPath(new URL('../../data/model/text.onnx', import.meta.url));
const feeds = (rows: number): Tensors =>
  tokenBatch(
    Array.from({ length: rows }, () => [0, 5, 6, 7, 2]),
    1,
  );

describe('the session host', () => {
  let host: SessionHost;
  beforeEach(() => {
    host = new SessionHost(1);
  });
  afterEach(() => host.close());

  it('runs graphs on its own thread and leaves this one free', async () => {
    await host.run(GRAPH, feeds(1), 'query');
    let ticks = 0;
    const timer = setInterval(() => ticks++, 1);
    await host.run(GRAPH, feeds(256), 'batch');
    clearInterval(timer);
    expect(ticks).toBeGreaterThan(3);
  });

  it('lets a query pass what is queued', async () => {
    const order: string[] = [];
    const batches = Array.from({ length: 8 }, (_, i) =>
      host.run(GRAPH, feeds(16), 'batch').then(() => order.push(`batch ${i}`)),
    );
    const query = host.run(GRAPH, feeds(1), 'query').then(() => order.push('query'));
    await Promise.all([...batches, query]);
    // Two batches were already handed to the worker.
    expect(order.indexOf('query')).toBe(2);
  });

  it('names what failed, and goes on', async () => {
    const failed = { code: 'ERR_ENCODER_FAILED' };
    await expect(host.run('/no/such.onnx', feeds(1), 'query')).rejects.toMatchObject(failed);
    await expect(host.run(GRAPH, {}, 'query')).rejects.toMatchObject(failed);
    const { embedding } = await host.run(GRAPH, feeds(2), 'query');
    expect(embedding?.dims).toEqual([2, 256]);
  });

  it('refuses after it was closed, and whoever waited', async () => {
    const waiting = host.run(GRAPH, feeds(64), 'batch');
    const closed = { code: 'ERR_ENGINE_CLOSED' };
    const refused = expect(waiting).rejects.toMatchObject(closed);
    await host.close();
    await refused;
    await expect(host.run(GRAPH, feeds(1), 'query')).rejects.toMatchObject(closed);
  });
});
