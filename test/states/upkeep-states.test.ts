import { readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Library } from '#src/index/mod.js';
import { eventually } from '../support/command-line.js';
import {
  COUNT,
  expectSound,
  expectWhole,
  filled,
  hashOf,
  open,
  photos,
  vectorOf,
} from '../support/small-library.js';
import { temporaryFolder } from '../support/temporary-folder.js';

/** So low that a small library is large. */
const limits = { fresh: 50, tombstones: 40, tombstoneShare: 0.2 };

const pathsOf = (from: number, to: number): string[] =>
  Array.from({ length: to - from }, (_, i) => `/photos/${from + i}.jpg`);

const photoIndex = (library: Library): ReturnType<Library['statistics']>['indexes']['photo'] =>
  library.statistics().indexes.photo;

describe('a graph that was lost', () => {
  it('is built by a thread, while answers are exact and changes go on', async () => {
    const folder = await filled();
    rmSync(join(folder, 'vectors'), { recursive: true });
    const told: string[] = [];
    const onRebuild = (kind: string, done: number, total: number): void =>
      void told.push(`${kind} ${done} of ${total}`);
    const library = await open(folder, false, 'model-a', { limits, onRebuild });
    expect(photoIndex(library)).toMatchObject({ type: 'exact', fresh: COUNT });
    expectWhole(library);
    await eventually(() => Promise.resolve(photoIndex(library).building ?? undefined));
    // What goes and comes while it is built must not be in it, and must be found.
    library.forget(pathsOf(0, 10));
    library.commit(photos(10, 5000));
    expect(hashOf(library, vectorOf(5003))).toBe('hash-5003');
    await library.save();
    expect(photoIndex(library)).toMatchObject({ type: 'hnsw', size: COUNT, fresh: 0, building: null });
    expect(hashOf(library, vectorOf(5003))).toBe('hash-5003');
    expect(hashOf(library, vectorOf(3))).not.toBe('hash-3');
    expectSound(library);
    expect(told.at(-1)).toMatch(/^photo \d+ of \d+$/);
    await library.close();
  });

  it('is left to the next opening where the library is closed first', async () => {
    const folder = await filled();
    rmSync(join(folder, 'vectors'), { recursive: true });
    await (await open(folder, false, 'model-a', { limits })).close();
    const library = await open(folder, false, 'model-a', { limits });
    expectWhole(library);
    await library.save();
    expect(photoIndex(library)).toMatchObject({ type: 'hnsw', fresh: 0 });
    expectWhole(library);
    await library.close();
  });
});

describe('a library that many leave', () => {
  it('gets a graph without them, answers meanwhile, and gives room back', async () => {
    const folder = temporaryFolder();
    const library = await open(folder, false, 'model-a', { limits });
    library.commit(photos(10_000));
    await library.save();
    const catalog = join(folder, 'catalog.sqlite');
    const [model] = readdirSync(join(folder, 'vectors')) as [string];
    const graphBytes = (): number => {
      const vectors = join(folder, 'vectors', model);
      const name = readdirSync(vectors).find((one) => one.endsWith('.hnsw')) as string;
      return statSync(join(vectors, name)).size;
    };
    const before = graphBytes();
    library.forget(pathsOf(100, 10_000));
    expect(library.searchable('photo')).toBe(100);
    for (let n = 0; n < 100; n++) expect(hashOf(library, vectorOf(n))).toBe(`hash-${n}`);
    await eventually(() => Promise.resolve(photoIndex(library).tombstones === 0 || undefined));
    for (let n = 0; n < 100; n++) expect(hashOf(library, vectorOf(n))).toBe(`hash-${n}`);
    expectSound(library);
    await library.save();
    expect(graphBytes()).toBeLessThan(before / 20);
    const withMany = statSync(catalog).size;
    await library.close();
    expect(statSync(catalog).size).toBeLessThan(Math.max(withMany, 3_000_000) / 4);
    const again = await open(folder, true);
    expect(again.searchable('photo')).toBe(100);
    expectSound(again);
    await again.close();
  });

  it('may become empty and be filled again', async () => {
    const folder = temporaryFolder();
    const library = await open(folder, false, 'model-a', { limits });
    library.commit(photos(COUNT));
    await library.save();
    library.forget(pathsOf(0, COUNT));
    expect(library.search('photo', vectorOf(1), 5)).toEqual([]);
    await eventually(() => Promise.resolve(photoIndex(library).tombstones === 0 || undefined));
    library.commit(photos(COUNT));
    expectWhole(library);
    await library.save();
    expectWhole(library);
    expectSound(library);
    await library.close();
  });
});
