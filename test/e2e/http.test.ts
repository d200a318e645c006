import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { request as httpRequest } from 'node:http';
import { basename, join } from 'node:path';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { servedLibrary, expectProblem } from '../support/served-library.js';

const library = servedLibrary(20);
const { photos, scratch, get, post } = library;

interface Hit {
  id: number;
  kind: string;
  path: string;
  score: number;
  similarity: number;
  width: number;
  height: number;
  thumbnailUrl: string;
  originalUrl: string;
  caption?: string;
}
interface Answer {
  hits: Hit[];
  total: number;
  timing: { encode: number; search: number; total: number };
  warnings: string[];
}

const search = async (body: object): Promise<Answer> =>
  (await (await post('/api/search', body)).json()) as Answer;

function upload(bytes: Uint8Array, fields: Record<string, string> = {}): Promise<Response> {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) form.set(name, value);
  form.set('image', new Blob([new Uint8Array(bytes)]), 'picture.jpg');
  return fetch(`${library.server.url}/api/search/image`, { method: 'POST', body: form });
}

describe('POST /api/search', () => {
  it('answers with hits, the total and its timing', async () => {
    const { hits, total, timing, warnings } = await search({ text: 'a sailing boat at night', limit: 7 });
    expect(hits).toHaveLength(7);
    expect(total).toBe(20);
    expect(warnings).toEqual([]);
    expect(timing.total).toBeGreaterThanOrEqual(timing.encode);
    const [first, second] = hits as [Hit, Hit];
    expect(first.score).toBeGreaterThanOrEqual(second.score);
    expect(first).toMatchObject({
      kind: 'photo',
      width: 640,
      height: 480,
      words: expect.any(String) as string,
    });
    expect(first.path.startsWith(photos)).toBe(true);
  });

  it('pages without repeating or skipping', async () => {
    const all = await search({ text: 'rain', limit: 20 });
    const paged = [];
    for (let offset = 0; offset < 20; offset += 6)
      paged.push(...(await search({ text: 'rain', limit: 6, offset })).hits);
    expect(paged.map(({ id }) => id)).toEqual(all.hits.map(({ id }) => id));
  });

  it('finds more like an item, without the item itself', async () => {
    const [first] = (await search({ text: 'a dog', limit: 1 })).hits as [Hit];
    const { hits } = await search({ imageId: first.id, limit: 19 });
    expect(hits).toHaveLength(19);
    expect(hits.map(({ id }) => id)).not.toContain(first.id);
  });

  it('finds captions when asked to', async () => {
    const { hits } = await search({ text: 'rain', kind: 'caption', limit: 3 });
    expect(hits).toHaveLength(3);
    for (const hit of hits) expect(hit).toMatchObject({ kind: 'caption', thumbnailUrl: null });
    expect(hits[0]?.caption).toEqual(expect.any(String));
  });

  it('says when a text is longer than the model reads', async () => {
    const { warnings } = await search({ text: 'a very long walk on the beach '.repeat(20) });
    expect(warnings).toHaveLength(1);
  });

  it.each([
    [{}, 400, 'ERR_QUERY_EMPTY'],
    [{ text: '   ' }, 400, 'ERR_QUERY_EMPTY'],
    [{ text: 'x'.repeat(10_000) }, 400, 'ERR_QUERY_TOO_LONG'],
    [{ text: 7 }, 400, 'ERR_REQUEST_INVALID'],
    [{ text: 'x', limit: 0 }, 400, 'ERR_REQUEST_INVALID'],
    [{ text: 'x', limit: 1001 }, 400, 'ERR_REQUEST_INVALID'],
    [{ text: 'x', limit: 2.5 }, 400, 'ERR_REQUEST_INVALID'],
    [{ text: 'x', offset: -1 }, 400, 'ERR_REQUEST_INVALID'],
    [{ text: 'x', kind: 'video' }, 400, 'ERR_REQUEST_INVALID'],
    [{ imageId: 999_999 }, 404, 'ERR_ITEM_NOT_FOUND'],
    ['{"text":', 400, 'ERR_REQUEST_INVALID'],
    [`{"text":"${'x'.repeat(80_000)}"}`, 413, 'ERR_UPLOAD_TOO_LARGE'],
  ])('refuses %j', async (body, status, code) => {
    await expectProblem(await post('/api/search', body), status, code);
  });

  it('names the likely field for a typo', async () => {
    const detail = await expectProblem(await post('/api/search', { txt: 'a' }), 400, 'ERR_REQUEST_INVALID');
    expect(detail).toContain('Did you mean text?');
  });
});

describe('POST /api/search/image', () => {
  it('finds the uploaded photo first', async () => {
    const own = join(photos, 'scene-005.jpg');
    const { hits } = (await (await upload(readFileSync(own), { limit: '3' })).json()) as Answer;
    expect(hits[0]?.path).toBe(own);
    expect(hits[0]?.similarity).toBeGreaterThan(0.99);
    expect(hits).toHaveLength(3);
  });

  it('takes words beside the picture', async () => {
    const bytes = readFileSync(join(photos, 'scene-005.jpg'));
    const { hits } = (await (await upload(bytes, { text: 'at night', kind: 'caption' })).json()) as Answer;
    expect(hits[0]?.kind).toBe('caption');
  });

  it('blends several pictures by their weights, and leaves one out', async () => {
    const names = ['scene-005.jpg', 'scene-017.jpg'];
    const blended = async (fields: Record<string, string>): Promise<string[]> => {
      const form = new FormData();
      for (const [name, value] of Object.entries(fields)) form.set(name, value);
      for (const name of names) form.append('image', new Blob([readFileSync(join(photos, name))]), name);
      const answer = await fetch(`${library.server.url}/api/search/image`, { method: 'POST', body: form });
      return ((await answer.json()) as Answer).hits.map(({ path }) => basename(path));
    };
    expect((await blended({ limit: '2' })).toSorted()).toEqual(names);
    const all = [
      { picture: 0, weight: 0.1 },
      { picture: 1, weight: 5 },
    ];
    expect((await blended({ all: JSON.stringify(all), limit: '1' }))[0]).toBe('scene-017.jpg');
    const apart = { all: '[{"picture":0}]', not: '[{"picture":1,"weight":0.5}]', limit: '1' };
    expect((await blended(apart))[0]).toBe('scene-005.jpg');
    const none = new FormData();
    none.set('all', '[{"picture":1}]');
    none.set('image', new Blob([readFileSync(join(photos, names[0] as string))]));
    const url = `${library.server.url}/api/search/image`;
    await expectProblem(await fetch(url, { method: 'POST', body: none }), 400, 'ERR_REQUEST_INVALID');
  });

  it('refuses what is no picture', async () => {
    await expectProblem(await upload(Buffer.from('hello')), 422, 'ERR_IMAGE_UNREADABLE');
    await expectProblem(await upload(Buffer.alloc(0)), 422, 'ERR_IMAGE_UNREADABLE');
  });

  it('refuses 60 MB', async () => {
    await expectProblem(await upload(Buffer.alloc(60e6)), 413, 'ERR_UPLOAD_TOO_LARGE');
  });

  it('refuses a decompression bomb', async () => {
    const bomb = await sharp({ create: { width: 12_000, height: 12_000, channels: 3, background: '#000' } })
      .png({ compressionLevel: 9 })
      .toBuffer();
    expect(bomb.length).toBeLessThan(2e6);
    await expectProblem(await upload(bomb), 413, 'ERR_IMAGE_TOO_LARGE');
  });

  it('refuses a form without a picture, with five, or with unknown fields', async () => {
    const url = `${library.server.url}/api/search/image`;
    const none = new FormData();
    none.set('limit', '3');
    await expectProblem(await fetch(url, { method: 'POST', body: none }), 400, 'ERR_REQUEST_INVALID');
    const wrong = new FormData();
    wrong.set('file', new Blob(['x']), 'x.jpg');
    await expectProblem(await fetch(url, { method: 'POST', body: wrong }), 400, 'ERR_REQUEST_INVALID');
    const own = readFileSync(join(photos, 'scene-001.jpg'));
    await expectProblem(await upload(own, { lmit: '3' }), 400, 'ERR_REQUEST_INVALID');
    const five = new FormData();
    for (let count = 0; count < 5; count++) five.append('image', new Blob([own]), 'x.jpg');
    await expectProblem(await fetch(url, { method: 'POST', body: five }), 400, 'ERR_REQUEST_INVALID');
  });
});

describe('items', () => {
  it('are given by id, with preview and original', async () => {
    const [hit] = (await search({ text: 'a boat', limit: 1 })).hits as [Hit];
    const item = (await (await get(`/api/items/${hit.id}`)).json()) as Hit & { format: string };
    expect(item).toMatchObject({ id: hit.id, path: hit.path, format: 'jpeg', width: 640, height: 480 });
    const thumbnail = await get(hit.thumbnailUrl);
    expect(thumbnail.headers.get('content-type')).toBe('image/webp');
    expect(await sharp(await thumbnail.arrayBuffer()).metadata()).toMatchObject({ width: 480, height: 360 });
    const original = await get(hit.originalUrl);
    expect(Buffer.from(await original.arrayBuffer()).equals(readFileSync(hit.path))).toBe(true);
    expect(original.headers.get('cache-control')).toContain('immutable');
  });

  it('make a preview again that was lost', async () => {
    const [hit] = (await search({ text: 'a boat', limit: 1 })).hits as [Hit];
    rmSync(join(scratch, 'library', 'thumbnails'), { recursive: true });
    expect((await get(hit.thumbnailUrl)).status).toBe(200);
  });

  it.each(['/api/items/999999', '/api/items/999999/thumbnail', '/api/items/999999/original'])(
    'are 404 when unknown: %s',
    async (path) => {
      await expectProblem(await get(path), 404, 'ERR_ITEM_NOT_FOUND');
    },
  );

  it.each([
    '/api/items/abc',
    '/api/items/-1',
    '/api/items/1.5',
    '/api/items/..%2f..%2fetc%2fpasswd/original',
  ])('are asked for by whole numbers only: %s', async (path) => {
    await expectProblem(await get(path), 400, 'ERR_REQUEST_INVALID');
  });

  it('never serve a file whose content was exchanged, nor one that is gone', async () => {
    const path = join(scratch, 'exchanged.png');
    const picture = await sharp({ create: { width: 50, height: 50, channels: 3, background: '#1a2b3c' } })
      .png()
      .toBuffer();
    writeFileSync(path, picture);
    await library.engine.ingest([path]);
    const { hits } = (await (await upload(picture, { limit: '1' })).json()) as Answer;
    expect(hits[0]?.path).toBe(path);
    writeFileSync(path, 'a secret that was never ingested');
    await expectProblem(await get(`/api/items/${hits[0]?.id}/original`), 409, 'ERR_FILE_CHANGED');
    rmSync(path);
    await expectProblem(await get(`/api/items/${hits[0]?.id}/original`), 410, 'ERR_FILE_GONE');
  });
});

describe('status, health and the page', () => {
  it('tell what is there', async () => {
    expect(await (await get('/api/status')).json()).toMatchObject({
      version: '1.2.3',
      model: { name: 'beit3-nano', dimensions: 256, imageSize: 192, precision: 'int8' },
      items: { photo: expect.any(Number) as number, caption: 20 },
      ingest: { running: false },
    });
    expect((await get('/healthz')).status).toBe(200);
    expect((await get('/readyz')).status).toBe(200);
  });

  it('serve the page under a strict policy', async () => {
    const page = await get('/');
    expect(await page.text()).toContain('<title>');
    const policy = page.headers.get('content-security-policy') ?? '';
    expect(policy).toContain("default-src 'none'");
    expect(policy).not.toContain('unsafe');
    expect(page.headers.get('x-content-type-options')).toBe('nosniff');
    expect(page.headers.get('x-powered-by')).toBeNull();
  });

  it('say where the API is when an address is unknown', async () => {
    await expectProblem(await get('/api/nothing'), 404, 'ERR_ROUTE_NOT_FOUND');
    await expectProblem(await get('/../package.json'), 404, 'ERR_ROUTE_NOT_FOUND');
  });

  it('answer to the names of this machine only', async () => {
    const { port } = new URL(library.server.url);
    const status = await new Promise<number | undefined>((resolve, reject) => {
      const headers = { host: 'evil.example' };
      httpRequest({ host: '127.0.0.1', port, path: '/api/status', headers }, (response) => {
        response.resume();
        resolve(response.statusCode);
      })
        .on('error', reject)
        .end();
    });
    expect(status).toBe(403);
  });
});
