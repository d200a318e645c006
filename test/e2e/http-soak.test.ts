import { Agent, request } from 'node:http';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { afterAll, describe, expect, it } from 'vitest';
import { repetitions } from '../support/long-run.js';
import { servedLibrary } from '../support/served-library.js';

/** Each asks everything below, some of it wrongly, and goes away in the middle of some. */
const ROUNDS = repetitions(6, 300);
const WARM_UP = 3;
const TOGETHER = 8;
/** Until sockets have closed, on a busy machine. */
const PATIENCE = { timeout: 60_000 };
/** Of a heap that was cleaned: noise of the compiler and of caches that are not full. */
const MOST_GROWTH = 4 * 1024 * 1024;

const library = servedLibrary(8);
const agent = new Agent({ keepAlive: true });
afterAll(() => agent.destroy());

interface Asked {
  readonly path: string;
  readonly body?: object;
  /** Leave when the answer begins. */
  readonly leave?: boolean;
}

const search = (text: string, more: object = {}): Asked => ({
  path: '/api/search',
  body: { text, limit: 5, ...more },
});

const ASKED: readonly Asked[] = [
  ...['a boat', 'two dogs', 'a red car', 'night', 'a house by the sea'].map((text) => search(text)),
  search('a boat', { cutoff: false, limit: 8 }),
  search(''),
  search('a boat', { limit: 0 }),
  search('a boat', { rerank: { depth: 2 } }),
  { path: '/api/items?limit=3' },
  { path: '/api/items/1' },
  { path: '/api/items/1/thumbnail' },
  { path: '/api/items/2/original', leave: true },
  { path: '/api/items/999999' },
  { path: '/api/items/1/similar?limit=3' },
  { path: '/api/nothing' },
  { path: '/api/status' },
  { path: '/metrics' },
  { path: '/api/events', leave: true },
  { ...search('a boat', { limit: 3 }), path: '/api/search/stream' },
];

function ask({ path, body, leave = false }: Asked): Promise<number> {
  return new Promise((resolve, reject) => {
    const sent = request(
      library.server.url + path,
      {
        agent,
        method: body === undefined ? 'GET' : 'POST',
        headers: body === undefined ? {} : { 'content-type': 'application/json' },
      },
      (response) => {
        const { statusCode = 0 } = response;
        if (leave) response.destroy();
        else response.resume();
        response.once('close', () => resolve(statusCode));
      },
    );
    sent.once('error', reject);
    sent.end(body === undefined ? undefined : JSON.stringify(body));
  });
}

async function round(): Promise<void> {
  for (let at = 0; at < ASKED.length; at += TOGETHER) {
    await Promise.all(ASKED.slice(at, at + TOGETHER).map(ask));
  }
}

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

function heap(): number {
  collect();
  collect();
  return process.memoryUsage().heapUsed;
}

/** Sockets and timers that hold the process, by kind. */
function handles(): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const kind of process.getActiveResourcesInfo()) {
    if (/^(TCP|Timeout|FSReq)/.test(kind)) counts[kind] = (counts[kind] ?? 0) + 1;
  }
  return counts;
}

describe('a server that is asked for long', () => {
  it('keeps neither memory nor handles', { timeout: 1_200_000 }, async () => {
    for (let i = 0; i < WARM_UP; i++) await round();
    agent.destroy();
    await expect.poll(() => handles()['TCPSocketWrap'] ?? 0, PATIENCE).toBe(0);
    const [usedBefore, before] = [heap(), handles()];
    for (let i = 0; i < ROUNDS; i++) await round();
    agent.destroy();
    await expect.poll(handles, PATIENCE).toEqual(before);
    expect(heap() - usedBefore).toBeLessThan(MOST_GROWTH);
    const metrics = await (await library.get('/metrics')).text();
    for (const state of ['running', 'waiting'])
      expect(metrics).toContain(`sightline_queue_${state}{queue="search"} 0`);
  });
});
