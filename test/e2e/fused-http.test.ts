import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createApp, listen, type RunningServer } from '#src/api/mod.js';
import { openEngine, type SearchEngine } from '#src/engine/mod.js';
import { runCommand } from '../support/command-line.js';
import { demoPhotos } from '../support/demo-photos.js';

const { photos, scratch } = demoPhotos(8);
const WEB = fileURLToPath(new URL('../../dist/web', import.meta.url));
const TEXT = 'a boat on the sea';

let engine: SearchEngine;
let server: RunningServer;
let photo: number;
let caption: number;

beforeAll(async () => {
  engine = await openEngine({ dataDir: join(scratch, 'library') });
  await engine.ingest([photos]);
  server = await listen(createApp(engine, { version: '1.2.3', webFolder: WEB }), '127.0.0.1', 0);
  photo = (await engine.search(TEXT)).hits[0]?.item.id ?? 0;
  caption = (await engine.search(TEXT, { kind: 'caption' })).hits[0]?.item.id ?? 0;
});
afterAll(async () => {
  await server.close();
  await engine.close();
});

const get = (path: string): Promise<Response> => fetch(server.url + path);
const post = (path: string, body: unknown): Promise<Response> =>
  fetch(server.url + path, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
const code = async (response: Response): Promise<unknown> =>
  ((await response.json()) as { code: string }).code;

describe('POST /api/search/stream', () => {
  interface Stage {
    stage: string;
    answer: {
      hits: { id: number; fusedScore: number | null }[];
      rerank: { depth: number; of: number } | null;
    };
  }
  const stages = async (body: object): Promise<Stage[]> => {
    const response = await post('/api/search/stream', body);
    expect(response.headers.get('content-type')).toContain('text/event-stream');
    const events = (await response.text()).split('\n\n').filter((event) => event.startsWith('data: '));
    return events.map((event) => JSON.parse(event.slice('data: '.length)) as Stage);
  };

  it('tells the candidates, and then the order of the fused encoder', async () => {
    const [candidates, final, ...more] = await stages({
      text: TEXT,
      rerank: { depth: 4, budgetMs: 60_000 },
    });
    expect([candidates?.stage, final?.stage, more]).toEqual(['candidates', 'final', []]);
    expect(candidates?.answer.rerank).toMatchObject({ depth: 0, of: 4 });
    expect(candidates?.answer.hits.every(({ fusedScore }) => fusedScore === null)).toBe(true);
    expect(final?.answer.rerank).toMatchObject({ depth: 4, of: 4 });
    expect(final?.answer.hits[0]?.fusedScore).toEqual(expect.any(Number));
  });

  it('has one stage where nothing is read', async () => {
    expect((await stages({ text: TEXT, rerank: false })).map(({ stage }) => stage)).toEqual(['final']);
  });

  it('refuses before it begins', async () => {
    const response = await post('/api/search/stream', { text: '' });
    expect([response.status, await code(response)]).toEqual([400, 'ERR_QUERY_EMPTY']);
    const zero = await post('/api/search', { text: TEXT, rerank: { budgetMs: 0 } });
    expect([zero.status, await code(zero)]).toEqual([400, 'ERR_REQUEST_INVALID']);
    const deep = await post('/api/search', { text: TEXT, rerank: { depth: 1001 } });
    expect([deep.status, await code(deep)]).toEqual([400, 'ERR_REQUEST_INVALID']);
  });
});

describe('GET /api/items/{id}/explain', () => {
  const address = (id: number, query: string, form = ''): string =>
    `/api/items/${id}/explain${form}?${query}`;
  const text = `text=${encodeURIComponent(TEXT)}`;

  it.each(['similarity', 'match', 'interaction'])('tells where the %s comes from', async (by) => {
    const answer = (await (await get(address(photo, `${text}&by=${by}`))).json()) as {
      by: string;
      cells: number;
      grid: { values: number[]; heat: number[] };
      words: { word: string; heat: number[] }[];
    };
    expect(answer).toMatchObject({ by, cells: 8 });
    expect(answer.grid.values).toHaveLength(64);
    expect(answer.words.map(({ word }) => word)).toEqual(TEXT.split(' '));
    for (const { heat } of [answer.grid, ...answer.words])
      expect(heat.every((value) => value >= 0 && value <= 1)).toBe(true);
  });

  it('draws it over the preview', async () => {
    const response = await get(address(photo, text, '.png'));
    expect(response.headers.get('content-type')).toBe('image/png');
    const { width, height, format } = await sharp(Buffer.from(await response.arrayBuffer())).metadata();
    expect([format, width, height]).toEqual(['png', 480, 360]);
    expect((await get(address(photo, `${text}&word=1`, '.png'))).status).toBe(200);
  });

  it.each([
    ['a caption', () => address(caption, text), 404, 'ERR_ITEM_NOT_FOUND'],
    ['no such item', () => address(99_999, text), 404, 'ERR_ITEM_NOT_FOUND'],
    ['no text', () => address(photo, 'text='), 400, 'ERR_QUERY_EMPTY'],
    ['no such score', () => address(photo, `${text}&by=magic`), 400, 'ERR_REQUEST_INVALID'],
    ['a head that the model lacks', () => address(photo, `${text}&by=answer`), 422, 'ERR_MODEL_CAPABILITY'],
    ['no such word', () => address(photo, `${text}&word=9`, '.png'), 400, 'ERR_REQUEST_INVALID'],
  ])('refuses %s', async (_what, path, status, refusal) => {
    const response = await get(path());
    expect([response.status, await code(response)]).toEqual([status, refusal]);
  });
});

describe('POST /v1/rerank', () => {
  interface Ranked {
    model: string;
    results: { index: number; relevance_score: number; document?: unknown }[];
  }
  const ranked = async (body: object): Promise<Ranked> =>
    (await (await post('/v1/rerank', body)).json()) as Ranked;
  const picture = (name: string): { image: string } => ({
    image: readFileSync(join(photos, name)).toString('base64'),
  });

  it('ranks texts, best first', async () => {
    const documents = ['a car in the street', { text: TEXT }, 'a cat on a sofa'];
    const { model, results } = await ranked({ query: TEXT, documents, model: 'any' });
    expect(model).toBe(engine.status().model.id);
    expect(results[0]).toEqual({ index: 1, relevance_score: expect.closeTo(1, 3) as number });
    expect(results.map(({ relevance_score: score }) => score)).toEqual(
      results.map(({ relevance_score: score }) => score).toSorted((a, b) => b - a),
    );
  });

  it('ranks pictures for a text, and texts for a picture', async () => {
    const pictures = ['scene-001.jpg', 'scene-002.jpg', 'scene-003.jpg'].map(picture);
    const { results } = await ranked({ query: TEXT, documents: pictures, top_n: 2 });
    expect(results).toHaveLength(2);
    for (const { relevance_score: score } of results) {
      expect(score).toBeGreaterThanOrEqual(0);
      expect(score).toBeLessThanOrEqual(1);
    }
    const query = { image: `data:image/jpeg;base64,${pictures[0]?.image}` };
    const texts = await ranked({ query, documents: [TEXT, 'a cat'], return_documents: true });
    expect(new Set(texts.results.map(({ document }) => document))).toEqual(new Set([TEXT, 'a cat']));
    const both = await ranked({ query: TEXT, documents: [TEXT, ...pictures] });
    expect(both.results[0]?.index).toBe(0);
  });

  it.each([
    [{ query: TEXT, documents: [] }, 400, 'ERR_REQUEST_INVALID'],
    [{ query: '', documents: ['x'] }, 400, 'ERR_QUERY_EMPTY'],
    [{ query: TEXT, documents: [{ image: 'no base64!' }] }, 400, 'ERR_REQUEST_INVALID'],
    [{ query: TEXT, documents: [{ image: 'bm8gcGljdHVyZQ==' }] }, 422, 'ERR_IMAGE_UNREADABLE'],
    [{ query: TEXT, documents: ['x'], top_n: 0 }, 400, 'ERR_REQUEST_INVALID'],
    [{ query: TEXT, documents: ['x'], topn: 1 }, 400, 'ERR_REQUEST_INVALID'],
    [{ query: TEXT, documents: Array(1001).fill('x') }, 400, 'ERR_REQUEST_INVALID'],
  ])('refuses what it cannot rank (%#)', async (body, status, refusal) => {
    const response = await post('/v1/rerank', body);
    expect([response.status, await code(response)]).toEqual([status, refusal]);
  });
});

describe('sightline explain', () => {
  it('writes the heat map, and draws it in characters', async () => {
    const out = join(scratch, 'why.png');
    const args = ['explain', join(photos, 'scene-001.jpg'), TEXT];
    const { stdout, code: exit } = await runCommand([...args, '-o', out, '--word', '1'], scratch);
    expect(exit).toBe(0);
    expect(stdout.trimEnd().split('\n').length).toBeGreaterThan(0);
    expect((await sharp(out).metadata()).format).toBe('png');
    const json = await runCommand([...args, '--by', 'match', '--json'], scratch);
    expect(JSON.parse(json.stdout)).toMatchObject({ by: 'match', text: TEXT });
    expect((await runCommand([...args, '--by', 'magic'], scratch)).code).toBe(2);
    expect((await runCommand(['explain', join(photos, 'none.jpg'), TEXT], scratch)).code).toBe(2);
  });
});
