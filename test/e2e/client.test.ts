import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { OPERATIONS, SightlineClient } from '#src/client/client.js';
import { openApiDocument } from '#src/api/mod.js';
import { bareEndpoints } from '../support/bare-endpoints.js';
import { servedLibrary } from '../support/served-library.js';

const library = servedLibrary(8);
const client = (): SightlineClient => new SightlineClient({ url: `${library.server.url}/` });

describe('the client', () => {
  it('has its operations where the OpenAPI document has them', () => {
    const { paths } = openApiDocument(bareEndpoints());
    for (const [name, [method, path]] of Object.entries(OPERATIONS)) {
      expect(paths[path]?.[method.toLowerCase()], name).toMatchObject({ operationId: name });
    }
  });

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

  it('tells refusals by code', async () => {
    await expect(client().item(999_999)).rejects.toMatchObject({ status: 404, code: 'ERR_ITEM_NOT_FOUND' });
    await expect(client().search('')).rejects.toMatchObject({ status: 400, code: 'ERR_QUERY_EMPTY' });
  });
});
