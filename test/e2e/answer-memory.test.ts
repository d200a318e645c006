import { copyFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openEngine } from '#src/engine/mod.js';
import { servedLibrary } from '../support/served-library.js';

const library = servedLibrary(8);

interface Answer {
  readonly hits: readonly { readonly id: number; readonly path: string }[];
  readonly timing: { readonly encode: number; readonly total: number };
  readonly freshness: { readonly pending: number };
}

const ask = async (body: object): Promise<Answer> =>
  (await (await library.post('/api/search', body)).json()) as Answer;
const paths = async (body: object): Promise<string[]> => (await ask(body)).hits.map(({ path }) => path);
/** Without the rerank: how far that comes depends on the time. */
const query = { text: 'two boats', limit: 20, cutoff: false, rerank: false };

describe('a search that was answered before', () => {
  it('is answered the same, without encoding', async () => {
    const { timing: _first, ...before } = await ask({ ...query, text: 'a lighthouse' });
    const { timing, ...again } = await ask({ ...query, text: 'a lighthouse' });
    expect(again).toEqual(before);
    expect(timing.encode).toBe(0);
    expect(timing.total).toBeGreaterThan(0);
  });

  it('is not taken for another one', async () => {
    const all = await ask(query);
    expect((await ask({ ...query, limit: 3 })).hits).toEqual(all.hits.slice(0, 3));
    expect((await ask({ ...query, offset: 3 })).hits).toEqual(all.hits.slice(3));
    expect((await ask({ ...query, kind: 'caption' })).hits[0]).not.toEqual(all.hits[0]);
  });

  it('is answered anew when a photo has gone, come, or lies elsewhere', async () => {
    const before = await paths(query);
    const [gone = '', ...others] = before;
    library.engine.forget(gone);
    expect(await paths(query)).toEqual(others);
    await library.engine.ingest([gone]);
    expect(await paths(query)).toEqual(before);
    const elsewhere = join(library.photos, 'a-name-before-all-others.jpg');
    copyFileSync(gone, elsewhere);
    try {
      await library.engine.ingest([elsewhere]);
      expect(await paths(query)).toEqual([elsewhere, ...others]);
    } finally {
      library.engine.forget(elsewhere);
      rmSync(elsewhere);
    }
    expect(await paths(query)).toEqual(before);
  });

  it('counts what another process changes, and not what is only remembered of queries', async () => {
    await using reader = await openEngine({ dataDir: join(library.scratch, 'library'), readOnly: true });
    const [own, others] = [library.engine.revision, reader.revision];
    // More than wait for a common transaction.
    for (let i = 0; i < 20; i++) await ask({ ...query, text: `boats, ${i}` });
    expect(library.engine.revision).toBe(own);
    library.engine.forget((await paths(query))[0] ?? '');
    expect(library.engine.revision).not.toBe(own);
    expect(reader.revision).not.toBe(others);
  });
});
