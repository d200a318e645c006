import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { expectProblem, servedLibrary } from '../support/served-library.js';

const library = servedLibrary(8);
const { get, post } = library;

interface Item {
  readonly id: number;
  readonly path: string;
}

const json = async <T>(answer: Promise<Response>): Promise<T> => (await (await answer).json()) as T;

describe('items', () => {
  it('are listed page by page, each once, the newest first', async () => {
    const seen: number[] = [];
    let next: number | null = null;
    do {
      const cursor: string = next === null ? '' : `&cursor=${next}`;
      const page: { items: Item[]; next: number | null } = await json<{ items: Item[]; next: number | null }>(
        get(`/api/items?limit=3${cursor}`),
      );
      seen.push(...page.items.map(({ id }) => id));
      next = page.next;
    } while (next !== null);
    expect(seen).toHaveLength(8);
    expect(seen).toEqual([...seen].toSorted((a, b) => b - a));
    const captions = await json<{ items: Item[] }>(get('/api/items?kind=caption'));
    expect(captions.items).toHaveLength(8);
  });

  it('are found by the path of their file, and only those that were ingested', async () => {
    const path = join(library.photos, 'scene-003.jpg');
    const item = await json<Item>(get(`/api/items/at?path=${encodeURIComponent(path)}`));
    expect(item.path).toBe(path);
    for (const other of ['/etc/passwd', `${library.photos}/../photos/scene-003.jpg`, 'scene-003.jpg']) {
      const answer = await get(`/api/items/at?path=${encodeURIComponent(other)}`);
      await expectProblem(answer, 404, 'ERR_ITEM_NOT_FOUND');
    }
  });

  it('come with the captions that their collection gives them', async () => {
    const path = encodeURIComponent(join(library.photos, 'scene-003.jpg'));
    const { id } = await json<Item>(get(`/api/items/at?path=${path}`));
    const { captions } = await json<{ captions: string[] }>(get(`/api/items/${id}`));
    const lines = readFileSync(join(library.photos, 'captions.jsonl'), 'utf8').trim().split('\n');
    const named = lines.map((line) => JSON.parse(line) as { image: string; caption?: string; text?: string });
    const own = named.find(({ image }) => image.endsWith('scene-003.jpg'));
    expect(captions).toEqual([own?.caption ?? own?.text]);
  });

  it('have others like them', async () => {
    const { items } = await json<{ items: Item[] }>(get('/api/items?limit=1'));
    const id = items[0]?.id as number;
    const { hits } = await json<{ hits: Item[] }>(get(`/api/items/${id}/similar?limit=7`));
    expect(hits).toHaveLength(7);
    expect(hits.map((hit) => hit.id)).not.toContain(id);
  });
});

describe('POST /v1/embeddings', () => {
  interface Embeddings {
    readonly data: readonly { readonly index: number; readonly embedding: number[] | string }[];
    readonly model: string;
  }
  const embed = (body: object): Promise<Embeddings> => json<Embeddings>(post('/v1/embeddings', body));
  const dot = (a: readonly number[], b: readonly number[]): number =>
    a.reduce((sum, value, place) => sum + value * (b[place] ?? 0), 0);

  it('gives unit vectors of texts and pictures in one space, in order', async () => {
    const picture = readFileSync(join(library.photos, 'scene-003.jpg')).toString('base64');
    const path = encodeURIComponent(join(library.photos, 'scene-003.jpg'));
    const { id } = await json<Item>(get(`/api/items/at?path=${path}`));
    const { captions } = await json<{ captions: string[] }>(get(`/api/items/${id}`));
    const { data, model } = await embed({
      input: ['an empty parking lot', { image: `data:image/jpeg;base64,${picture}` }, { text: captions[0] }],
    });
    expect(model).toMatch(/./);
    expect(data.map(({ index }) => index)).toEqual([0, 1, 2]);
    const [other, image, own] = data.map(({ embedding }) => embedding as number[]) as [
      number[],
      number[],
      number[],
    ];
    for (const vector of [other, image, own]) expect(dot(vector, vector)).toBeCloseTo(1, 4);
    const { hits } = await json<{ hits: { id: number; similarity: number }[] }>(
      post('/api/search', { text: captions[0], mode: 'semantic', cutoff: false }),
    );
    // Quantised values share one range a run: an embedding depends a little, about 1e-4 in cosine, on its company there.
    const similarity = hits.find((hit) => hit.id === id)?.similarity ?? 0;
    expect(Math.abs(dot(image, own) - similarity)).toBeLessThan(Math.acos(1 - 1e-4));
  });

  it('gives the same numbers as base64', async () => {
    const plain = (await embed({ input: 'a dog' })).data[0]?.embedding as number[];
    const packed = (await embed({ input: 'a dog', encoding_format: 'base64' })).data[0]?.embedding as string;
    const bytes = Buffer.from(packed, 'base64');
    const numbers = new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length));
    expect(numbers).toHaveLength(plain.length);
    for (const [place, value] of numbers.entries()) expect(value).toBeCloseTo(plain[place] as number, 5);
  });

  it('fetches nothing and takes nothing that is no picture', async () => {
    const address = { input: { image: 'http://127.0.0.1/picture.jpg' } };
    await expectProblem(await post('/v1/embeddings', address), 400, 'ERR_REQUEST_INVALID');
    const text = { input: { image: Buffer.from('hello').toString('base64') } };
    await expectProblem(await post('/v1/embeddings', text), 422, 'ERR_IMAGE_UNREADABLE');
    await expectProblem(
      await post('/v1/embeddings', { input: 'a', dimensions: 7 }),
      400,
      'ERR_REQUEST_INVALID',
    );
  });
});

describe('statistics, models and metrics', () => {
  it('tell what is there', async () => {
    expect(await json(get('/api/stats'))).toMatchObject({ items: { photo: 8, caption: 8 }, failed: 0 });
    const { models } = await json<{ models: { name: string; current: boolean }[] }>(get('/api/models'));
    expect(models).toContainEqual(expect.objectContaining({ name: 'embedded', current: true }));
  });

  it('give everything that the dashboard shows', async () => {
    await post('/api/search', { text: 'a dog' });
    // What is told only when there is something to tell.
    await library.engine.audits.measure();
    await library.engine.intake.remember([library.photos]);
    await library.engine.intake.follow();
    const text = await (await get('/metrics')).text();
    expect(text).toMatch(/sightline_items\{kind="photo"\} 8/);
    expect(text).toMatch(/sightline_index_drift\{kind="photo"\} 0/);
    expect(text).toMatch(/sightline_search_seconds_count\{stage="encode"\} [1-9]/);
    expect(text).toMatch(/sightline_http_request_seconds_count\{[^}]*route="\/api\/search"/);
    const file = fileURLToPath(new URL('../../docs/grafana-dashboard.json', import.meta.url));
    const names = new Set([...readFileSync(file, 'utf8').matchAll(/sightline_\w+/g)].map(([name]) => name));
    expect(names.size).toBeGreaterThan(10);
    for (const name of names) expect(text, name).toMatch(new RegExp(`^${name}[ {]`, 'm'));
  });
});
