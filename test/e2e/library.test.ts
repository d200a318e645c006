import { copyFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openEngine, SightlineError } from 'sightline';
import { demoPhotos } from '../support/demo-photos.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const { photos, scratch } = demoPhotos(12);

describe('the TypeScript API', () => {
  it('does what the README shows', async () => {
    await using engine = await openEngine({ dataDir: join(scratch, 'library') });
    const report = await engine.ingest([photos]);
    expect(report).toMatchObject({ added: 24, failed: [], interrupted: false });

    const { hits } = await engine.search('a dog asleep on a red sofa', { limit: 5 });
    expect(hits).toHaveLength(5);
    for (const { item, score } of hits) {
      expect(score).toBeLessThanOrEqual(1.001);
      expect(item).toMatchObject({ kind: 'photo', path: expect.stringContaining(photos) as string });
    }

    const own = join(photos, 'scene-004.jpg');
    const mixed = await engine.search({ image: own, text: 'at night' });
    expect(mixed.hits).toHaveLength(12);
    const alike = await engine.search({ itemId: mixed.hits[0]?.item.id ?? (0 as never) });
    expect(alike.hits).toHaveLength(11);
  });

  it('counts a content once, however often it is there', async () => {
    const folder = temporaryFolder();
    for (const name of ['a.jpg', 'b.jpg', 'c.jpg'])
      copyFileSync(join(photos, 'scene-001.jpg'), join(folder, name));
    writeFileSync(join(folder, 'captions.txt'), 'a boat\na boat\na dog\n');
    await using engine = await openEngine({ dataDir: join(folder, 'library') });
    expect(await engine.ingest([folder])).toMatchObject({ added: 3, known: 3 });
    expect(engine.status().library.items).toEqual({ photo: 1, caption: 2 });
  });

  it('refuses with a code that programs can act on', async () => {
    await using engine = await openEngine({ dataDir: join(scratch, 'other') });
    const refusal: unknown = await engine.search('').catch((error: unknown) => error);
    expect(refusal).toBeInstanceOf(SightlineError);
    expect(refusal).toMatchObject({ code: 'ERR_QUERY_EMPTY' });
    await expect(engine.search('x', { limit: 0 })).rejects.toMatchObject({ code: 'ERR_REQUEST_INVALID' });
    await expect(engine.search({ image: '/no/such.jpg' })).rejects.toMatchObject({
      code: 'ERR_PATH_NOT_FOUND',
    });
  });

  it('tells how an ingest goes on, and stops it when asked', async () => {
    await using engine = await openEngine({ dataDir: join(scratch, 'stopped') });
    const stop = new AbortController();
    stop.abort();
    expect(await engine.ingest([photos], { signal: stop.signal })).toMatchObject({
      added: 0,
      interrupted: true,
    });
    const seen: (number | null)[] = [];
    await engine.ingest([photos], { onProgress: ({ total }) => seen.push(total) });
    expect(seen.at(-1)).toBe(24);
    expect(engine.status().ingest.running).toBe(false);
  });
});
