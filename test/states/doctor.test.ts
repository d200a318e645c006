import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { describe, expect, it, onTestFinished } from 'vitest';
import { examineVideos, examineWatched } from '#src/engine/intake-doctor.js';
import { examineLibrary, repairLibrary } from '#src/engine/library-doctor.js';
import { unit } from '#src/core/embedding.js';
import { auditRecall } from '#src/index/mod.js';
import { seededRandom } from '../support/seeded-random.js';
import { expectSound, expectWhole, filled, open, photos, vectorOf } from '../support/small-library.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const place = (dataDir: string): { dataDir: string; modelId: string; dimensions: number } => ({
  dataDir,
  modelId: 'model-a',
  dimensions: 16,
});

async function verdicts(dataDir: string): Promise<Record<string, string>> {
  const findings = await examineLibrary(place(dataDir));
  return Object.fromEntries(findings.map(({ check, verdict }) => [check, verdict]));
}

const fine = {
  catalog: 'ok',
  embeddings: 'ok',
  models: 'ok',
  'vector index': 'ok',
  previews: 'ok',
  watched: 'ok',
  failures: 'ok',
};

function change(dataDir: string, sql: string): void {
  const database = new Database(join(dataDir, 'catalog.sqlite'));
  database.exec(sql);
  database.close();
}

describe('doctor', () => {
  it('finds nothing in a sound library, and repairing changes nothing', async () => {
    const dataDir = await filled();
    expect(await verdicts(dataDir)).toEqual(fine);
    expect(await repairLibrary(place(dataDir))).toEqual([]);
    const library = await open(dataDir, true);
    expectWhole(library);
    await library.close();
  });

  it('finds and mends rows without vectors, wrong counts and previews without a photo', async () => {
    const dataDir = await filled();
    change(dataDir, 'DELETE FROM embeddings WHERE item_id IN (1, 2); UPDATE item_counts SET count = 7');
    const previews = join(dataDir, 'thumbnails', 'ab');
    mkdirSync(previews, { recursive: true });
    writeFileSync(join(previews, 'abcd.jpg'), 'x');
    expect(await verdicts(dataDir)).toEqual({
      ...fine,
      catalog: 'problem',
      embeddings: 'problem',
      'vector index': 'problem',
      previews: 'note',
    });
    const done = await repairLibrary(place(dataDir));
    expect(done).toEqual([
      'items were counted again',
      '2 files whose items have no embedding are read again by the next ingest',
      '1 previews without a photo were removed',
      'the vector index was built again from the rows',
    ]);
    expect(readdirSync(previews)).toEqual([]);
    // What is left to do is told: their files count as changed now.
    expect(await verdicts(dataDir)).toEqual({ ...fine, embeddings: 'problem' });
    const library = await open(dataDir);
    for (const n of [0, 1]) expect(library.files.one(`/photos/${n}.jpg`)?.mtimeMs).toBe(-1);
    library.commit(photos(2));
    expectWhole(library);
    expectSound(library);
    await library.close();
    expect(await verdicts(dataDir)).toEqual(fine);
  });

  it('tells of watched folders that are away or were never looked through', async () => {
    const dataDir = await filled();
    const [there, away] = [temporaryFolder(), join(dataDir, 'away')];
    const library = await open(dataDir);
    library.watched.remember({ path: there, reconciledAt: new Date() });
    await library.close();
    expect(await verdicts(dataDir)).toEqual(fine);
    for (const watched of [
      { path: there, reconciledAt: new Date('2020-01-01') },
      { path: away, reconciledAt: new Date() },
      { path: dataDir, reconciledAt: null },
    ]) {
      const { verdict, detail } = await examineWatched([watched]);
      expect({ verdict, names: detail.includes(watched.path) }).toEqual({ verdict: 'note', names: true });
    }
  });

  it('tells whether videos can be read', async () => {
    const path = process.env['PATH'];
    onTestFinished(() => void (process.env['PATH'] = path));
    process.env['PATH'] = temporaryFolder();
    expect(await examineVideos()).toMatchObject({ check: 'videos', verdict: 'note' });
  });

  it('tells of a change of model under way', async () => {
    const dataDir = await filled();
    const library = await open(dataDir);
    library.beginSwitch({ modelId: 'model-b', name: 'b', dimensions: 16 });
    await library.close();
    expect(await verdicts(dataDir)).toEqual({ ...fine, models: 'note' });
  });
});

describe('the recall audit', () => {
  it('measures with the last queries and widens a search that finds too little', async () => {
    const dataDir = temporaryFolder();
    const narrow = { M: 6, efConstruction: 20, efSearch: 10 };
    const random = seededRandom(1);
    const anywhere = (): Float32Array => unit(Float32Array.from({ length: 16 }, () => random() - 0.5));
    const library = await open(dataDir, false, 'model-a', { hnsw: narrow });
    expect(await auditRecall(library, 'photo')).toBeUndefined();
    library.commit(
      photos(3000).map((one) =>
        one.type === 'photo' && one.photo ? { ...one, photo: { ...one.photo, embedding: anywhere() } } : one,
      ),
    );
    await library.save();
    const queries = Array.from({ length: 60 }, anywhere);
    library.keepQueries(
      queries.map((vector, n) => ({ kind: 'photo', source: n % 2 ? 'text' : 'image', vector })),
    );
    const audit = await auditRecall(library, 'photo');
    expect(audit).toMatchObject({ kind: 'photo', queries: 60, real: true, efSearch: { before: 10 } });
    expect(audit?.recall).toBeLessThan(0.99);
    expect(audit?.recallAfter).toBeGreaterThanOrEqual(0.99);
    expect(audit?.efSearch.after).toBeGreaterThan(10);
    await library.close();
    const again = await open(dataDir, true, 'model-a', { hnsw: narrow });
    expect(again.efSearch('photo')).toBe(audit?.efSearch.after);
    expect((await auditRecall(again, 'photo'))?.recall).toBe(audit?.recallAfter);
    await again.close();
  });

  it('keeps the last queries only, and asks the library itself where there are none', async () => {
    const library = await open(temporaryFolder());
    library.commit(photos(300));
    expect(await auditRecall(library, 'photo')).toMatchObject({
      real: false,
      recall: 1,
      bySource: { image: 1 },
    });
    for (let n = 0; n < 40; n++)
      library.keepQueries(
        Array.from({ length: 10 }, () => ({ kind: 'photo', source: 'text', vector: vectorOf(n) })),
      );
    expect(library.recentQueries('photo')).toHaveLength(256);
    expect(library.recentQueries('photo')[0]?.vector).toEqual(vectorOf(39));
    await library.close();
  });
});
