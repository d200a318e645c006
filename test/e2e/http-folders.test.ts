import { copyFileSync, mkdirSync, realpathSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { KeyRing } from '#src/engine/mod.js';
import { expectProblem, servedLibrary } from '../support/served-library.js';

const keys: Record<string, string> = {};
const library = servedLibrary(6, (dataDir) => {
  const ring = new KeyRing(dataDir);
  for (const scope of ['read', 'write', 'admin'] as const) keys[scope] = ring.add(scope, scope);
  return { keys: ring, anonymous: null };
});

interface Folders {
  readonly folders: readonly { readonly path: string; readonly mode: string | null }[];
}

const as = (scope: string, more: Record<string, string> = {}): Record<string, string> => ({
  'x-api-key': keys[scope] ?? '',
  ...more,
});
const remove = (path: string): Promise<Response> =>
  fetch(`${library.server.url}/api/folders?path=${encodeURIComponent(path)}`, {
    method: 'DELETE',
    headers: as('admin'),
  });

describe('folders over HTTP', () => {
  const folder = (): string => join(realpathSync(library.scratch), 'more');
  const photo = (name: string): string => join(folder(), name);

  beforeAll(() => {
    mkdirSync(folder());
    // Distinct contents: the same ones would be the photos that are there.
    copyFileSync(join(library.photos, 'scene-003.jpg'), photo('known.jpg'));
  });

  it('are chosen by who may do everything, and by nobody else', async () => {
    await expectProblem(
      await library.post('/api/folders', { path: folder() }, as('write')),
      403,
      'ERR_SCOPE_MISSING',
    );
    await expectProblem(await library.post('/api/ingest', {}, as('read')), 403, 'ERR_SCOPE_MISSING');
    const watched = await library.post('/api/folders', { path: folder() }, as('admin'));
    expect(watched.status).toBe(202);
    const again = await library.post('/api/folders', { path: folder() }, as('admin'));
    const { folders } = (await again.json()) as Folders;
    expect(folders.map(({ path }) => path)).toEqual([folder()]);
    const listed = (await (await library.get('/api/folders', as('read'))).json()) as Folders;
    expect(listed.folders).toMatchObject([{ path: folder() }]);
  });

  it('must be there, and told from the root of the disk on', async () => {
    const at = async (path: string): Promise<Response> => library.post('/api/folders', { path }, as('admin'));
    await expectProblem(await at('photos'), 400, 'ERR_REQUEST_INVALID');
    await expectProblem(await at(join(folder(), 'nowhere')), 404, 'ERR_PATH_NOT_FOUND');
  });

  it('are looked through again, but nothing outside of them', async () => {
    const look = async (...paths: string[]): Promise<Response> =>
      library.post('/api/ingest', { paths }, as('write'));
    const outside = join(library.photos, 'scene-001.jpg');
    symlinkSync(outside, photo('link.jpg'));
    for (const path of [outside, library.photos, `${folder()}/../photos`, `${folder()}-2`, '/']) {
      await expectProblem(await look(path), 404, 'ERR_FOLDER_NOT_WATCHED');
    }
    await expectProblem(await look(photo('link.jpg')), 404, 'ERR_FOLDER_NOT_WATCHED');
    await expectProblem(await look(photo('nothing.jpg')), 404, 'ERR_PATH_NOT_FOUND');
    expect((await look(photo('known.jpg'))).status).toBe(202);
    expect((await look()).status).toBe(202);
    // One pass at a time: this one waits for those.
    await library.engine.ingest([]);
    const at = await library.get(`/api/items/at?path=${encodeURIComponent(photo('known.jpg'))}`, as('read'));
    expect(at.status).toBe(200);
  });

  it('are watched no longer', async () => {
    expect((await remove(folder())).status).toBe(200);
    await expectProblem(await remove(folder()), 404, 'ERR_FOLDER_NOT_WATCHED');
    const { folders } = (await (await library.get('/api/folders', as('read'))).json()) as Folders;
    expect(folders).toEqual([]);
  });
});

describe('a request that is sent again with its Idempotency-Key', () => {
  const retry = (body: object, key: string, scope = 'write'): Promise<Response> =>
    library.post('/api/failures/retry', body, as(scope, { 'idempotency-key': key }));

  it('gets the first answer, at once or when it is there', async () => {
    const [first, second] = await Promise.all([retry({}, 'one'), retry({}, 'one')]);
    expect(first.status).toBe(200);
    expect(await second.json()).toEqual(await first.json());
    expect((await retry({}, 'one')).status).toBe(200);
  });

  it('must be the same request, of the same caller', async () => {
    expect((await retry({}, 'two')).status).toBe(200);
    await expectProblem(await retry({ paths: ['/elsewhere'] }, 'two'), 422, 'ERR_REPETITION_DIFFERS');
    expect((await retry({ paths: ['/elsewhere'] }, 'two', 'admin')).status).toBe(200);
    await expectProblem(await retry({}, 'x'.repeat(256)), 400, 'ERR_REQUEST_INVALID');
  });

  it('is tried again where it was refused', async () => {
    const look = async (): Promise<Response> =>
      library.post('/api/ingest', { paths: ['/elsewhere'] }, as('write', { 'idempotency-key': 'three' }));
    await expectProblem(await look(), 404, 'ERR_FOLDER_NOT_WATCHED');
    await expectProblem(await look(), 404, 'ERR_FOLDER_NOT_WATCHED');
  });
});

describe('the audit of the index', () => {
  interface Audits {
    readonly running: boolean;
    readonly measuredAt: string | null;
    readonly audits: readonly { readonly kind: string; readonly recall: number }[];
  }
  const read = async (): Promise<Audits> =>
    (await (await library.get('/api/audit', as('read'))).json()) as Audits;

  it('is told when it was made, and to Prometheus', async () => {
    expect(await read()).toEqual({ running: false, measuredAt: null, audits: [] });
    expect((await library.post('/api/audit', {}, as('write'))).status).toBe(202);
    await library.engine.audits.measure();
    const { measuredAt, audits } = await read();
    expect(Date.parse(measuredAt ?? '')).toBeGreaterThan(0);
    expect(audits[0]).toMatchObject({ kind: 'photo', recall: 1 });
    const metrics = await (await library.get('/metrics', as('read'))).text();
    expect(metrics).toMatch(/^sightline_index_recall\{kind="photo"\} 1$/m);
  });
});

describe('files that could not be read', () => {
  interface Failures {
    readonly failures: readonly { readonly path: string }[];
    readonly total: number;
    readonly next: string | null;
  }
  const page = async (query: string): Promise<Failures> =>
    (await (await library.get(`/api/failures?${query}`, as('read'))).json()) as Failures;

  it('come page by page, and the last page says so', async () => {
    const bad = join(realpathSync(library.scratch), 'bad');
    mkdirSync(bad);
    const paths = ['a', 'b', 'c', 'd', 'é'].map((name) => join(bad, `${name}.jpg`));
    for (const path of paths) writeFileSync(path, 'no picture');
    await library.engine.ingest([bad]);
    const told: string[] = [];
    let cursor: string | null = '';
    do {
      const { failures, total, next }: Failures = await page(`limit=2${cursor && `&cursor=${cursor}`}`);
      expect(total).toBe(5);
      told.push(...failures.map(({ path }) => path));
      cursor = next;
    } while (cursor !== null);
    expect(told).toEqual(paths);
    expect((await page('limit=5')).next).toBeNull();
    await expectProblem(
      await library.get('/api/failures?cursor=%2F', as('read')),
      400,
      'ERR_REQUEST_INVALID',
    );
  });
});
