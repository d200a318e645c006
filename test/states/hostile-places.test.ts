import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { MIGRATIONS } from '#src/index/catalog/migrations.js';
import { writeOlderLibrary } from '../support/older-library.js';
import { fillUp, smallDisk } from '../support/small-disk.js';
import { expectSound, hashOf, open, photo, photos, vectorOf } from '../support/small-library.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const limits = { fresh: 50, tombstones: 40, tombstoneShare: 0.2 };
const full = expect.objectContaining({ code: 'ERR_DISK_FULL' }) as unknown;

const filesIn = (folder: string): Set<string> =>
  new Set(readdirSync(folder, { recursive: true, encoding: 'utf8' }));

const PAGES_LEFT = 64 * 1024;

describe('a disk that fills up', () => {
  it('while photos are committed: refused, and nothing acknowledged is lost', async (context) => {
    const disk = smallDisk(context, 8);
    const library = await open(join(disk, 'library'));
    library.commit(photos(500));
    const emptied = fillUp(disk, PAGES_LEFT);
    let committed = 500;
    expect(() => {
      for (; committed < 50_000; committed += 100) library.commit(photos(100, committed));
    }).toThrow(full);
    expect(library.searchable('photo')).toBe(committed);
    expectSound(library);
    await library.close().catch((error: unknown) => expect(error).toEqual(full));
    emptied();
    const again = await open(join(disk, 'library'));
    expect(again.searchable('photo')).toBe(committed);
    expect(hashOf(again, vectorOf(committed - 1))).toBe(`hash-${committed - 1}`);
    expectSound(again);
    again.commit([photo(committed)]);
    await again.close();
  });

  it('while the graph is written: refused, and the one before is left', async (context) => {
    const disk = smallDisk(context, 8);
    const folder = join(disk, 'library');
    const library = await open(folder);
    library.commit(photos(3000));
    await library.save();
    const before = filesIn(join(folder, 'vectors'));
    library.commit([photo(5000)]);
    const emptied = fillUp(disk, PAGES_LEFT);
    await expect(library.save()).rejects.toEqual(full);
    expect(filesIn(join(folder, 'vectors'))).toEqual(before);
    expect(hashOf(library, vectorOf(5000))).toBe('hash-5000');
    await expect(library.close()).rejects.toEqual(full);
    emptied();
    const again = await open(folder);
    expect(hashOf(again, vectorOf(5000))).toBe('hash-5000');
    expectSound(again);
    await again.close();
  });

  it('while a graph is built by a thread: answers stay exact', async (context) => {
    const disk = smallDisk(context, 8);
    const folder = join(disk, 'library');
    const library = await open(folder);
    library.commit(photos(3000));
    await library.close();
    rmSync(join(folder, 'vectors'), { recursive: true });
    const emptied = fillUp(disk, PAGES_LEFT);
    const again = await open(folder, false, 'model-a', { limits });
    await again.save();
    expect(again.statistics().indexes.photo).toMatchObject({ type: 'exact', size: 3000, building: null });
    expect(hashOf(again, vectorOf(2999))).toBe('hash-2999');
    await again.close();
    emptied();
  });

  it('while a schema is brought up to date, or the model changes: as it was before', async (context) => {
    const disk = smallDisk(context, 8);
    const folder = join(disk, 'library');
    writeOlderLibrary(folder, 1, 3000);
    const emptied = fillUp(disk, 0);
    await expect(open(folder)).rejects.toThrow();
    emptied();
    const library = await open(folder);
    expect(library.searchable('photo')).toBe(3000);
    const change = library.beginSwitch({ modelId: 'model-b', name: 'b', dimensions: 16 });
    const emptiedAgain = fillUp(disk, PAGES_LEFT);
    const items = change.lacking(0, 3000);
    expect(() => change.add(items.map(({ id }) => ({ id, vector: vectorOf(id, 5) })))).toThrow(full);
    expect(change.lacking(0, 3000)).toHaveLength(3000);
    emptiedAgain();
    library.abandonSwitch();
    expect(library.modelId).toBe('model-a');
    await library.close();
    const again = await open(folder);
    expectSound(again);
    await again.close();
  });

  it('while a backup is made: refused, and no half of it is left', async (context) => {
    const disk = smallDisk(context, 1);
    const library = await open(temporaryFolder());
    library.commit(photos(5000));
    await expect(library.backup(join(disk, 'backup.sqlite'))).rejects.toEqual(full);
    expect(readdirSync(disk)).toEqual([]);
    await library.close();
  });
});

describe('a library of an older schema', () => {
  it.each(MIGRATIONS.map((_, version) => version).slice(1))(
    'version %d: its photos are there, for readers too',
    async (version) => {
      for (const readOnly of [true, false]) {
        const folder = join(temporaryFolder(), 'library');
        writeOlderLibrary(folder, version, 200);
        const library = await open(folder, readOnly);
        expect(library.statistics().items).toEqual({ photo: 200, caption: 0 });
        for (let n = 0; n < 200; n++) expect(hashOf(library, vectorOf(n))).toBe(`hash-${n}`);
        expectSound(library);
        await library.close();
      }
    },
  );

  it('is brought up to date once, by whoever comes first of two', async () => {
    const folder = join(temporaryFolder(), 'library');
    writeOlderLibrary(folder, 1, 100);
    const opened = await Promise.allSettled([open(folder), open(folder, true), open(folder)]);
    const libraries = opened.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
    const refused = opened.flatMap((one) => (one.status === 'rejected' ? [one.reason as unknown] : []));
    expect(refused).toEqual([expect.objectContaining({ code: 'ERR_LIBRARY_LOCKED' })]);
    for (const library of libraries) {
      expect(library.searchable('photo')).toBe(100);
      await library.close();
    }
  });
});

describe('a folder that cannot be written', () => {
  it('is read all the same', async (context) => {
    const place = smallDisk(context, 8);
    const folder = join(place, 'library');
    const library = await open(folder);
    library.commit(photos(300));
    await library.close();
    execFileSync('mount', ['-o', 'remount,ro', place]);
    onTestFinished(() => void execFileSync('mount', ['-o', 'remount,rw', place]));
    await expect(open(folder)).rejects.toMatchObject({ code: expect.stringMatching(/^ERR_/) as string });
    const reader = await open(folder, true);
    expect(reader.searchable('photo')).toBe(300);
    expect(hashOf(reader, vectorOf(7))).toBe('hash-7');
    await reader.close();
    expect(existsSync(join(folder, 'vectors'))).toBe(true);
  });
});

describe('a clock that jumps back', () => {
  it('changes nothing but the times that are told', async () => {
    const folder = temporaryFolder();
    const library = await open(folder);
    library.commit(photos(20));
    vi.useFakeTimers({ now: new Date('1999-01-01'), toFake: ['Date'] });
    onTestFinished(() => void vi.useRealTimers());
    library.commit(photos(20, 20));
    library.forget(['/photos/3.jpg']);
    await library.close();
    vi.useRealTimers();
    const again = await open(folder);
    expect(again.statistics().indexes.photo).toMatchObject({ type: 'hnsw', size: 39, fresh: 0 });
    for (const n of [0, 19, 20, 39]) expect(hashOf(again, vectorOf(n))).toBe(`hash-${n}`);
    expectSound(again);
    await again.close();
  });
});
