import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect } from 'vitest';
import { type AppOptions, createApp, listen, type RunningServer } from '#src/api/mod.js';
import { openEngine, type SearchEngine } from '#src/engine/mod.js';
import { demoPhotos } from './demo-photos.js';

export const WEB_FOLDER: string = fileURLToPath(new URL('../../dist/web', import.meta.url));

/** A library of drawn scenes behind a real server, for the tests of a file. */
export interface ServedLibrary {
  readonly engine: SearchEngine;
  readonly server: RunningServer;
  readonly photos: string;
  readonly scratch: string;
  readonly get: (path: string, headers?: Record<string, string>) => Promise<Response>;
  readonly post: (path: string, body: unknown, headers?: Record<string, string>) => Promise<Response>;
}

/** @param options what the server runs with, asked for when the engine is there */
export function servedLibrary(
  count: number,
  options: (dataDir: string) => Partial<AppOptions> = () => ({}),
): ServedLibrary {
  const { photos, scratch } = demoPhotos(count);
  const served: { engine?: SearchEngine; server?: RunningServer } = {};
  beforeAll(async () => {
    const dataDir = join(scratch, 'library');
    served.engine = await openEngine({ dataDir });
    await served.engine.ingest([photos]);
    const app = createApp(served.engine, { version: '1.2.3', webFolder: WEB_FOLDER, ...options(dataDir) });
    served.server = await listen(app, '127.0.0.1', 0);
  });
  afterAll(async () => {
    await served.server?.close();
    await served.engine?.close();
  });
  const there = <Key extends 'engine' | 'server'>(key: Key): NonNullable<(typeof served)[Key]> => {
    const value = served[key];
    if (value === undefined) throw new Error('The server runs only while tests do.');
    return value;
  };
  return {
    photos,
    scratch,
    get engine() {
      return there('engine');
    },
    get server() {
      return there('server');
    },
    get: (path, headers = {}) => fetch(there('server').url + path, { headers }),
    post: (path, body, headers = {}) =>
      fetch(there('server').url + path, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body: typeof body === 'string' ? body : JSON.stringify(body),
      }),
  };
}

/** Checks that an answer is a problem, told without a word about the server's inside. @returns its detail */
export async function expectProblem(response: Response, status: number, code: string): Promise<string> {
  expect(response.headers.get('content-type')).toContain('application/problem+json');
  const problem = (await response.json()) as { status: number; code: string; title: string; detail: string };
  expect(problem).toMatchObject({ status, code, title: expect.any(String) as string });
  expect(response.status).toBe(status);
  expect(problem.detail).not.toMatch(/\bat .*\.js:\d|SQLITE|node_modules/);
  return problem.detail;
}
