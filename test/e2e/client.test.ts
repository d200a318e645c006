import { readFileSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { SightlineClient } from '#src/client/client.js';
import { servedLibrary } from '../support/served-library.js';

const library = servedLibrary(8);
const client = (): SightlineClient => new SightlineClient({ url: `${library.server.url}/` });

describe('the client', () => {
  it('searches by words, by a picture, and for captions', async () => {
    const { hits } = await client().search('a boat');
    expect(hits.length).toBeGreaterThan(0);
    const picture = new Blob([readFileSync(join(library.photos, 'scene-003.jpg'))]);
    const found = await client().searchByPicture(picture, { limit: 1, not: [{ text: 'night' }] });
    expect(found.hits).toHaveLength(1);
    const own = await client().searchByPicture(picture, { limit: 1 });
    expect(own.hits[0]?.path).toMatch(/scene-003\.jpg$/);
    const captions = await client().captionsFor(picture, 3);
    expect(captions.hits.map(({ kind }) => kind)).toEqual(['caption', 'caption', 'caption']);
  });

  it('goes through all items and looks at one', async () => {
    const ids: number[] = [];
    for await (const { id } of client().allItems()) ids.push(id);
    expect(ids).toHaveLength(8);
    const id = ids[0] as number;
    expect((await client().item(id)).captions).toHaveLength(1);
    expect((await client().similar(id, 3)).hits).toHaveLength(3);
    expect((await client().thumbnail(id)).type).toMatch(/^image\//);
    expect((await client().original(id)).size).toBeGreaterThan(1000);
    const at = await client().itemAt(join(library.photos, 'scene-003.jpg'));
    expect(at.kind).toBe('photo');
  });

  it('embeds, tells the state, and hears of progress', async () => {
    const [vector = []] = await client().embed(['a boat']);
    expect(vector.reduce((sum, value) => sum + value * value, 0)).toBeCloseTo(1, 4);
    expect((await client().status()).items.photo).toBe(8);
    const gone = new AbortController();
    for await (const { ingest } of client().events({ signal: gone.signal })) {
      expect(ingest.running).toBe(false);
      break;
    }
    gone.abort();
  });

  it('streams a search, completes a line, and ranks what is given', async () => {
    const stages: string[] = [];
    for await (const { stage, answer } of client().searchStream('a boat')) {
      stages.push(stage);
      expect(answer.hits.length).toBeGreaterThan(0);
    }
    expect(stages.at(-1)).toBe('final');
    expect((await client().completions('cam')).map(({ text }) => text).join()).toContain('camera');
    const { results } = await client().rerank({ query: 'a boat', documents: ['a boat', 'a house'] });
    expect(results[0]?.index).toBe(0);
  });

  it('looks after folders, the ingest and the index', async () => {
    const folder = realpathSync(library.photos);
    expect((await client().watchFolder(folder)).map(({ path }) => path)).toEqual([folder]);
    expect((await client().folders())[0]?.path).toBe(folder);
    const idempotencyKey = 'once';
    const first = await client().ingest([], { idempotencyKey });
    expect(await client().ingest([], { idempotencyKey })).toEqual(first);
    await expect(client().ingest([folder], { idempotencyKey })).rejects.toMatchObject({
      code: 'ERR_REPETITION_DIFFERS',
    });
    expect((await client().pauseIngest()).ingest.paused).toBe(true);
    expect((await client().resumeIngest()).ingest.paused).toBe(false);
    expect(await client().retryFailures()).toEqual({ tried: 0, failed: 0 });
    expect((await client().failures()).total).toBe(0);
    expect(await client().unwatchFolder(folder)).toEqual([]);
    expect((await client().statistics()).items.photo).toBe(8);
    expect((await client().models()).models.map(({ name }) => name)).toContain('embedded');
    expect(await client().duplicates()).toEqual([]);
    expect((await client().audit()).running).toBe(true);
    expect((await client().audits()).audits).toBeInstanceOf(Array);
  });

  it('tells refusals by code', async () => {
    await expect(client().item(999_999)).rejects.toMatchObject({ status: 404, code: 'ERR_ITEM_NOT_FOUND' });
    await expect(client().search('')).rejects.toMatchObject({ status: 400, code: 'ERR_QUERY_EMPTY' });
  });
});
