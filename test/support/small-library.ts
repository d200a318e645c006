import { cpSync } from 'node:fs';
import { expect } from 'vitest';
import { unit } from '#src/core/embedding.js';
import type { ItemId } from '#src/core/item.js';
import type { LibraryChange } from '#src/core/ports.js';
import { Library, type LibraryOptions } from '#src/index/mod.js';
import { temporaryFolder } from './temporary-folder.js';

/** A library of vectors that are made up: everything about storage is real, and nothing is encoded. */
export const DIMENSIONS = 16;
export const COUNT = 200;

export const open = (
  folder: string,
  readOnly = false,
  modelId = 'model-a',
  more: Partial<LibraryOptions> = {},
): Promise<Library> => Library.open({ folder, modelId, dimensions: DIMENSIONS, readOnly, ...more });

/** A repeatable direction for each number; of another model, another one. */
export const vectorOf = (n: number, model = 0): Float32Array =>
  unit(Float32Array.from({ length: DIMENSIONS }, (_, i) => Math.sin((n + 1) * 12.9898 + i * 78.233 + model)));

export function photo(n: number): LibraryChange {
  const file = { path: `/photos/${n}.jpg`, size: n, mtimeMs: n };
  const content = { width: 1, height: 1, format: 'jpeg', embedding: vectorOf(n) };
  return { type: 'photo', file, contentHash: `hash-${n}`, photo: content };
}

export const photos = (count: number, from = 0): LibraryChange[] =>
  Array.from({ length: count }, (_, i) => photo(from + i));

/** The folder of a closed library with COUNT photos. */
export async function filled(): Promise<string> {
  const folder = temporaryFolder();
  const library = await open(folder);
  library.commit(photos(COUNT));
  await library.close();
  return folder;
}

/** What would be on disk if the process were gone now. */
export function asAfterCrash(folder: string): string {
  const copy = temporaryFolder();
  cpSync(folder, copy, { recursive: true, filter: (path) => !path.includes('writer.') });
  return copy;
}

export function hashOf(library: Library, query: Float32Array): string | undefined {
  const [best] = library.search('photo', query, 1);
  return library.item(best?.id as ItemId)?.contentHash;
}

/** Every photo is found by its own vector. */
export function expectWhole(library: Library): void {
  expect(library.searchable('photo')).toBe(COUNT);
  for (let n = 0; n < COUNT; n++) expect(hashOf(library, vectorOf(n))).toBe(`hash-${n}`);
}

/** Nothing is amiss, as `doctor` sees it. */
export function expectSound(library: Library): void {
  const none = { missing: 0, surplus: 0 };
  expect(library.examine()).toEqual({
    problems: [],
    unembedded: 0,
    strays: false,
    drift: { photo: none, caption: none },
  });
}
