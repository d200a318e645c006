import { mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { ItemId } from '#src/core/item.js';
import { NO_METADATA } from '#src/core/photo-metadata.js';
import type { LibraryChange } from '#src/core/ports.js';
import { backupTo, exportTo, importFrom } from '#src/engine/mod.js';
import { type Library } from '#src/index/mod.js';
import { expectSound, hashOf, open, photo, photos, vectorOf } from '../support/small-library.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const taken = {
  ...NO_METADATA,
  takenAt: new Date('2024-05-06T07:08:09Z'),
  camera: 'Nikon',
  keywords: ['sea'],
};

const told: LibraryChange = {
  type: 'photo',
  file: { path: '/photos/told.jpg', size: 7, mtimeMs: 8.5 },
  contentHash: 'hash-700',
  photo: {
    width: 40,
    height: 30,
    format: 'heif',
    metadata: taken,
    placeholder: Uint8Array.of(1, 2, 3),
    embedding: vectorOf(700),
  },
};

const captions: LibraryChange[] = [
  {
    type: 'captions',
    path: '/captions.jsonl',
    lines: [
      { line: 1, text: 'a boat', contentHash: 'boat', image: 'a.jpg', embedding: vectorOf(800) },
      { line: 3, text: 'a boat', contentHash: 'boat', image: null },
    ],
  },
  { type: 'collection-read', file: { path: '/captions.jsonl', size: 9, mtimeMs: 9 }, lines: 3 },
];

/** The folder of a library with 600 photos, one of them twice and one that says much, and a caption on two lines. */
async function library(): Promise<string> {
  const folder = temporaryFolder();
  await using written = await open(folder);
  const again = { ...photo(5), file: { path: '/photos/again.jpg', size: 5, mtimeMs: 5 } } as LibraryChange;
  written.commit([...photos(600), again, told, ...captions]);
  return folder;
}

/** Everything about every item but its id. */
function contentOf(from: Library): unknown[] {
  return (['photo', 'caption'] as const).flatMap((kind) =>
    [...from.embeddings(kind)].map(({ id, vector }) => {
      const { id: _id, ...item } = from.item(id) as NonNullable<ReturnType<Library['item']>>;
      return { ...item, vector: [...vector], files: from.files.of(id), mentions: from.files.mentionsOf(id) };
    }),
  );
}

describe('a library that is exported', () => {
  it('comes back the same from its files, and is searched', async () => {
    const [dataDir, place] = [await library(), join(temporaryFolder(), 'out')];
    const manifest = await exportTo({ dataDir, place });
    expect(manifest).toMatchObject({ model: 'model-a', dimensions: 16, items: 602 });
    expect(readdirSync(place).toSorted((a, b) => a.localeCompare(b))).toEqual([
      'items.jsonl',
      'manifest.json',
      'vectors.npy',
    ]);
    const other = join(temporaryFolder(), 'other');
    expect(await importFrom({ dataDir: other, place })).toEqual({ model: 'model-a', items: 602, added: 602 });
    await using before = await open(dataDir, true);
    await using after = await open(other);
    expect(contentOf(after)).toEqual(contentOf(before));
    expect(after.files.collections()).toEqual(before.files.collections());
    expect(hashOf(after, vectorOf(444))).toBe('hash-444');
    expectSound(after);
  });

  it('has a row of numbers for each line, as NumPy reads them', async () => {
    const [dataDir, place] = [await library(), temporaryFolder()];
    await exportTo({ dataDir, place });
    const lines = readFileSync(join(place, 'items.jsonl'), 'utf8').trimEnd().split('\n');
    const npy = readFileSync(join(place, 'vectors.npy'));
    const start = 10 + npy.readUInt16LE(8);
    expect(start % 64).toBe(0);
    expect(npy.toString('latin1', 10, start)).toMatch(
      /^\{'descr': '<f4', 'fortran_order': False, 'shape': \(602, 16\), \} *\n$/,
    );
    await using reader = await open(dataDir, true);
    for (const [row, line] of lines.entries()) {
      const { id } = JSON.parse(line) as { id: ItemId };
      const at = start + row * 64;
      const bytes = npy.buffer.slice(npy.byteOffset + at, npy.byteOffset + at + 64);
      expect(new Float32Array(bytes)).toEqual(reader.embedding(id));
    }
  });

  it('is refused where a file has changed since, or is of another model, and nothing is brought in', async () => {
    const [dataDir, place] = [await library(), temporaryFolder()];
    await exportTo({ dataDir, place });
    const other = temporaryFolder();
    await using theirs = await open(other, false, 'model-b');
    theirs.commit([photo(1)]);
    await theirs.close();
    await expect(importFrom({ dataDir: other, place })).rejects.toMatchObject({ code: 'ERR_MODEL_MISMATCH' });
    const items = join(place, 'items.jsonl');
    writeFileSync(items, readFileSync(items, 'utf8').replace('a boat', 'a goat'));
    const empty = temporaryFolder();
    await expect(importFrom({ dataDir: empty, place })).rejects.toMatchObject({
      code: 'ERR_DATASET_INVALID',
    });
    expect(readdirSync(empty)).toEqual([]);
    await expect(importFrom({ dataDir: empty, place: other })).rejects.toMatchObject({
      code: 'ERR_DATASET_INVALID',
    });
    await expect(exportTo({ dataDir, place })).rejects.toMatchObject({ code: 'ERR_CONFIG_INVALID' });
  });
});

describe('a backup', () => {
  it('is one state of a library that is being written, and opens as one', async () => {
    const folder = temporaryFolder();
    await using writer = await open(folder);
    writer.commit(photos(2000));
    const file = join(temporaryFolder(), 'backup.sqlite');
    const copying = backupTo({ dataDir: folder, place: file, onProgress: () => {} });
    writer.commit(photos(50, 5000));
    await copying;
    await expect(backupTo({ dataDir: folder, place: file })).rejects.toMatchObject({
      code: 'ERR_CONFIG_INVALID',
    });
    const restored = join(temporaryFolder(), 'restored');
    mkdirSync(restored);
    renameSync(file, join(restored, 'catalog.sqlite'));
    await using copy = await open(restored);
    expect(copy.searchable('photo')).toBeGreaterThanOrEqual(2000);
    expect(hashOf(copy, vectorOf(1234))).toBe('hash-1234');
    expectSound(copy);
  });
});
