import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import express from 'express';
import { describe, expect, it, onTestFinished } from 'vitest';
import { z } from 'zod';
import { eventsEndpoint } from '#src/api/endpoint.js';

const numbers = eventsEndpoint<number>({
  method: 'get',
  path: '/numbers',
  name: 'numbers',
  group: 'service',
  summary: 'counts to three, or as long as somebody listens',
  queryFields: z.strictObject({ endless: z.string().optional() }),
  event: z.number(),
  handle: async function* ({ signal, request }) {
    for (let i = 1; !signal.aborted && (request.query['endless'] !== undefined || i <= 3); i++) {
      yield i;
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
  },
});

async function served(): Promise<{ readonly app: express.Express; readonly url: string }> {
  const app = express();
  app.get(numbers.path, (request, response) => numbers.respond(request, response));
  const server = createServer(app).listen(0, '127.0.0.1');
  onTestFinished(() => void server.close());
  await once(server, 'listening');
  return { app, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/numbers` };
}

describe('a stream of events', () => {
  it('tells each, and leaves nothing behind when it has ended', async () => {
    const { app, url } = await served();
    expect(await (await fetch(url)).text()).toBe('data: 1\n\ndata: 2\n\ndata: 3\n\n');
    expect(app.listenerCount('closing')).toBe(0);
  });

  it('leaves nothing behind when nobody listens any more', async () => {
    const { app, url } = await served();
    const leaving = new AbortController();
    const { body } = await fetch(`${url}?endless=1`, { signal: leaving.signal });
    await body?.getReader().read();
    expect(app.listenerCount('closing')).toBe(1);
    leaving.abort();
    await expect.poll(() => app.listenerCount('closing')).toBe(0);
  });

  it('ends when the server closes', async () => {
    const { app, url } = await served();
    const answer = await fetch(`${url}?endless=1`);
    app.emit('closing');
    expect(await answer.text()).toContain('data: 1\n\n');
    await expect.poll(() => app.listenerCount('closing')).toBe(0);
  });
});
