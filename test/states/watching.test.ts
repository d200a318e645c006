/**
 * Watched folders, with real files, real events and the real model: whatever happens to the folders, the library equals
 * them afterwards, and no content is encoded twice.
 */
import { createHash } from 'node:crypto';
import { appendFileSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, utimesSync } from 'node:fs';
import { chmodSync, copyFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { describe, expect, it, onTestFinished } from 'vitest';
import { openEngine, type SearchEngine } from '#src/engine/mod.js';
import type { WatchTiming } from '#src/ingest/mod.js';
import { eventually } from '../support/command-line.js';
import { distinctPhoto, filesBelow, writePhotos } from '../support/distinct-photos.js';
import { repetitions } from '../support/long-run.js';
import { temporaryFolder } from '../support/temporary-folder.js';

/** Quick enough for a test; looks through the whole folder only at the start and after a burst. */
const TIMING = { settle: 100, grace: 300, reconcile: 3_600_000, poll: 200 };
const PATIENCE = repetitions(60, 1200);
/** Milliseconds that the storm may take, with the files that are made for it. */
const STORM_LIMIT = repetitions(120_000, 1_500_000);

interface Place {
  readonly dataDir: string;
  readonly photos: string;
  readonly beside: string;
}

function place(): Place {
  const root = temporaryFolder();
  const at = { dataDir: join(root, 'library'), photos: join(root, 'photos'), beside: join(root, 'beside') };
  mkdirSync(at.photos);
  mkdirSync(at.beside);
  return at;
}

async function watched({ dataDir, photos }: Place, timing: Partial<WatchTiming> = {}): Promise<SearchEngine> {
  const engine = await openEngine({ dataDir, watchTiming: { ...TIMING, ...timing } });
  onTestFinished(() => engine.close());
  await engine.intake.remember([photos]);
  await engine.intake.follow();
  return engine;
}

/** What the library knows, read beside the process that writes. */
function known(dataDir: string): { paths: string[]; photos: number; failed: number } {
  const database = new Database(join(dataDir, 'catalog.sqlite'), { readonly: true });
  try {
    const column = (sql: string): unknown[] => database.prepare(sql).pluck().all();
    return {
      paths: column('SELECT path FROM files ORDER BY path') as string[],
      photos: column("SELECT count(*) FROM items WHERE kind = 'photo'")[0] as number,
      failed: column('SELECT count(*) FROM files WHERE failure_code IS NOT NULL')[0] as number,
    };
  } finally {
    database.close();
  }
}

function fileCount(dataDir: string): unknown {
  const database = new Database(join(dataDir, 'catalog.sqlite'), { readonly: true });
  try {
    return database.prepare('SELECT count(*) FROM files').pluck().get();
  } finally {
    database.close();
  }
}

const hashOf = (path: string): string => createHash('sha256').update(readFileSync(path)).digest('hex');

/** Until the library knows exactly the files that are on disk now. */
function untilEqual({ dataDir, photos }: Place): Promise<true> {
  const paths = filesBelow(photos);
  return eventually(async () => {
    // Reading all paths takes time, and it is the process that ingests which looks on.
    if (fileCount(dataDir) !== paths.length) return undefined;
    const { paths: inLibrary } = known(dataDir);
    const isEqual = paths.length === inLibrary.length && paths.every((path, i) => path === inLibrary[i]);
    return isEqual || undefined;
  }, PATIENCE);
}

describe('a watched folder', () => {
  it(
    'is equal to the library after a storm, and every new content was encoded once',
    async () => {
      const [before, moved, few] = [repetitions(80, 10_000), repetitions(240, 20_000), repetitions(20, 1000)];
      const at = place();
      const old = await writePhotos(join(at.photos, 'old'), 0, before);
      const waiting = await writePhotos(join(at.beside, 'new'), before, before + moved);
      const engine = await watched(at);
      expect(engine.status().ingest.embedded).toBe(before);

      // Half of them one by one, the other half with their folder.
      mkdirSync(join(at.photos, 'a/b'), { recursive: true });
      for (const [i, path] of waiting.entries()) {
        if (i % 2 === 0) renameSync(path, join(at.photos, 'a/b', `moved-${i}.png`));
      }
      renameSync(join(at.beside, 'new'), join(at.photos, 'a/c'));
      for (const path of filesBelow(join(at.photos, 'a/b')).slice(0, moved / 4))
        renameSync(path, `${path}.renamed.png`);
      for (const path of old.slice(0, before / 2)) rmSync(path);
      const now = Date.now() / 1000;
      for (const path of old.slice(-few)) utimesSync(path, now, now);
      for (const path of old.slice(-few)) copyFileSync(path, `${path}.copy.png`);
      renameSync(join(at.photos, 'a'), join(at.photos, 'z'));

      await untilEqual(at);
      await eventually(async () => engine.freshness().pending === 0 || undefined, PATIENCE);
      const paths = filesBelow(at.photos);
      expect(known(at.dataDir)).toEqual({ paths, photos: new Set(paths.map(hashOf)).size, failed: 0 });
      expect(engine.status().ingest.embedded).toBe(before + moved);
    },
    STORM_LIMIT,
  );

  it('is found again after the process was away, without encoding what it had', async () => {
    const at = place();
    const paths = await writePhotos(at.photos, 0, 20);
    const engine = await watched(at);
    await engine.close();
    renameSync(at.photos, join(at.beside, 'elsewhere'));
    renameSync(join(at.beside, 'elsewhere'), at.photos);
    renameSync(paths[0] as string, join(at.photos, 'renamed.png'));
    rmSync(paths[1] as string);
    await writePhotos(at.photos, 20, 23);
    const again = await watched(at);
    await untilEqual(at);
    expect(again.status().ingest.embedded).toBe(3);
    expect(again.freshness()).toMatchObject({ watching: true, lastReconciled: expect.any(Date) as Date });
  });

  it('keeps what is gone for a while, and for good while its drive is away', async () => {
    const at = place();
    const [first = ''] = await writePhotos(at.photos, 0, 5);
    const engine = await watched(at);
    const content = readFileSync(first);
    rmSync(first);
    await untilEqual(at);
    expect(known(at.dataDir).photos).toBe(4);
    writeFileSync(first, content);
    await untilEqual(at);

    renameSync(at.photos, join(at.beside, 'unplugged'));
    await eventually(async () => engine.status().watched[0]?.problem ?? undefined, PATIENCE);
    expect(known(at.dataDir).photos).toBe(5);
    renameSync(join(at.beside, 'unplugged'), at.photos);
    await eventually(async () => (engine.status().watched[0]?.problem === null ? true : undefined), PATIENCE);
    await writePhotos(at.photos, 5, 6);
    await untilEqual(at);
    expect(known(at.dataDir).photos).toBe(6);
    expect(engine.status().ingest.embedded).toBe(7);
  });

  it('loses nothing of what comes back in time, or only changes the case of its name', async () => {
    const at = place();
    const [first = '', second = ''] = await writePhotos(at.photos, 0, 2);
    const engine = await watched(at, { grace: 3_600_000 });
    const before = engine.shelf.at(first);
    const content = readFileSync(first);
    rmSync(first);
    // Events come in order: when the later one was dealt with, so was the earlier.
    await writePhotos(at.photos, 2, 3);
    await eventually(async () => known(at.dataDir).photos === 3 || undefined, PATIENCE);
    expect(known(at.dataDir).paths).toContain(first);
    writeFileSync(first, content);
    renameSync(second, join(at.photos, 'ONE.PNG'));
    await untilEqual(at);
    await eventually(async () => engine.freshness().pending === 0 || undefined, PATIENCE);
    expect(engine.shelf.at(first).id).toBe(before.id);
    expect(engine.status().ingest.embedded).toBe(3);
  });

  it('takes a file when it has come to rest, and its newest content at last', async () => {
    const at = place();
    const engine = await watched(at);
    const bytes = await distinctPhoto(1);
    const path = join(at.photos, 'slow.png');
    // Written in pieces, each of them an event.
    writeFileSync(path, '');
    for (let i = 0; i < bytes.length; i += 32) appendFileSync(path, bytes.subarray(i, i + 32));
    await eventually(async () => known(at.dataDir).photos === 1 || undefined, PATIENCE);
    writeFileSync(path, await distinctPhoto(2));
    await eventually(async () => {
      const [hit] = (await engine.search('anything')).hits;
      return hit?.item.contentHash === hashOf(path) || undefined;
    }, PATIENCE);
    expect(known(at.dataDir)).toMatchObject({ photos: 1, failed: 0 });
  });

  it('leaves out what its rules leave out, from the moment they change', async () => {
    const at = place();
    await writePhotos(join(at.photos, 'private'), 0, 3);
    await writePhotos(join(at.photos, '@eaDir'), 3, 4);
    await writePhotos(at.photos, 4, 6);
    await watched(at);
    expect(known(at.dataDir).photos).toBe(5);
    writeFileSync(join(at.photos, '.sightlineignore'), 'private/\n');
    await eventually(async () => known(at.dataDir).photos === 2 || undefined, PATIENCE);
    await writePhotos(join(at.photos, 'private'), 6, 7);
    await writePhotos(at.photos, 7, 8);
    await eventually(async () => known(at.dataDir).photos === 3 || undefined, PATIENCE);
    expect(known(at.dataDir).paths.some((path) => path.includes('private'))).toBe(false);
  });

  it('is never written to', async () => {
    const at = place();
    await writePhotos(join(at.photos, 'deep'), 0, 10);
    writeFileSync(join(at.photos, 'damaged.jpg'), 'not a picture');
    const state = (path: string): unknown[] => {
      const { mtimeMs, ctimeMs, size, mode } = statSync(path);
      return [path, mtimeMs, ctimeMs, size, mode];
    };
    const everything = (): unknown[] => [
      ...[at.photos, join(at.photos, 'deep')].map(state),
      ...filesBelow(at.photos).map((path) => [...state(path), hashOf(path)]),
    ];
    for (const path of filesBelow(at.photos)) chmodSync(path, 0o444);
    for (const folder of [join(at.photos, 'deep'), at.photos]) chmodSync(folder, 0o555);
    onTestFinished(() => {
      for (const folder of [at.photos, join(at.photos, 'deep')]) chmodSync(folder, 0o755);
    });
    const before = everything();
    const engine = await watched(at);
    expect(engine.status().library).toMatchObject({ items: { photo: 10 }, failed: 1 });
    await engine.intake.retry([]);
    await engine.search('a photo');
    await engine.close();
    expect(everything()).toEqual(before);
  });
});

describe('the ledger', () => {
  it('counts failures, tells when they are tried again, and empties when they are read', async () => {
    const at = place();
    const path = join(at.photos, 'photo.jpg');
    writeFileSync(path, 'not a picture');
    const engine = await watched(at);
    expect(engine.failures()).toMatchObject([
      { path, code: 'ERR_IMAGE_UNREADABLE', count: 1, nextTry: null },
    ]);
    await engine.intake.retry([at.photos]);
    expect(engine.failures()).toMatchObject([{ path, count: 2 }]);
    writeFileSync(path, await distinctPhoto(1));
    await eventually(async () => engine.failures().length === 0 || undefined, PATIENCE);
    expect(known(at.dataDir).photos).toBe(1);
  });
});

describe('the brake', () => {
  it('holds what comes until it is let go, and says so', async () => {
    const at = place();
    const engine = await watched(at);
    engine.intake.pause();
    await writePhotos(at.photos, 0, 3);
    await eventually(async () => engine.status().ingest.pending === 3 || undefined, PATIENCE);
    expect(engine.status().ingest).toMatchObject({ paused: true, running: true, done: 0, total: 3 });
    engine.intake.resume();
    await untilEqual(at);
  });
});
