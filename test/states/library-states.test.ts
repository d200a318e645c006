import { chmodSync, existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { beforeEach, describe, expect, it } from 'vitest';
import { unit } from '#src/core/embedding.js';
import type { ItemId } from '#src/core/item.js';
import type { LibraryChange } from '#src/core/ports.js';
import { openEngine } from '#src/engine/mod.js';
import { Library } from '#src/index/mod.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const DIMENSIONS = 4;
const COUNT = 50;

const open = (folder: string, readOnly = false, modelId = 'model-a'): Promise<Library> =>
  Library.open({ folder, modelId, dimensions: DIMENSIONS, readOnly });

const vectorOf = (n: number): Float32Array =>
  unit(Float32Array.of(Math.sin(n), Math.cos(n), Math.sin(2 * n), 1));

function change(n: number): LibraryChange {
  const file = { path: `/photos/${n}.jpg`, size: n, mtimeMs: n };
  const photo = { width: 1, height: 1, format: 'jpeg', embedding: vectorOf(n) };
  return { type: 'photo', file, contentHash: `hash-${n}`, photo };
}

async function filled(): Promise<string> {
  const folder = temporaryFolder();
  const library = await open(folder);
  library.commit(Array.from({ length: COUNT }, (_, n) => change(n)));
  await library.close();
  return folder;
}

/** Every photo is found by its own vector. */
function expectWhole(library: Library): void {
  expect(library.searchable('photo')).toBe(COUNT);
  for (let n = 0; n < COUNT; n++) {
    const [best] = library.search('photo', vectorOf(n), 1);
    expect(library.item(best?.id as ItemId)?.contentHash).toBe(`hash-${n}`);
  }
}

describe('the snapshot of the graph', () => {
  let folder: string;
  let vectors: string;
  let graph: string;
  beforeEach(async () => {
    folder = await filled();
    vectors = join(folder, 'vectors');
    graph = join(vectors, readdirSync(vectors).find((name) => name.startsWith('photo-')) as string);
  });

  const reopened = async (): Promise<void> => {
    for (const readOnly of [true, false]) {
      const library = await open(folder, readOnly);
      expectWhole(library);
      await library.close();
    }
  };

  it('is used when it is whole', async () => {
    const written = statSync(graph).mtimeMs;
    await reopened();
    expect(statSync(graph).mtimeMs).toBe(written);
  });

  it.each([
    ['is missing', () => rmSync(vectors, { recursive: true })],
    ['has lost its file', () => rmSync(graph)],
    ['has lost its header', () => rmSync(join(vectors, 'photo.json'))],
    ['is cut short', () => writeFileSync(graph, readFileSync(graph).subarray(0, 1000))],
    [
      'has a flipped bit',
      () => {
        const bytes = readFileSync(graph);
        bytes[bytes.length >> 1] = (bytes[bytes.length >> 1] ?? 0) ^ 1;
        writeFileSync(graph, bytes);
      },
    ],
    ['has a torn header', () => writeFileSync(join(vectors, 'photo.json'), '{"format": 1, "mod')],
    [
      'is from the future',
      () => {
        const header = join(vectors, 'photo.json');
        writeFileSync(header, readFileSync(header, 'utf8').replace('"format":1', '"format":2'));
      },
    ],
    [
      'names a file elsewhere',
      () => {
        const header = join(vectors, 'photo.json');
        writeFileSync(
          header,
          readFileSync(header, 'utf8').replace(/"file":"[^"]*"/, '"file":"../../x.hnsw"'),
        );
      },
    ],
  ])('that %s is replaced by one from the rows', async (_name, damage) => {
    damage();
    await reopened();
    expect(existsSync(join(vectors, 'photo.json'))).toBe(true);
  });

  it('that is older than the rows is brought up to them', async () => {
    const library = await open(folder);
    library.forget(['/photos/0.jpg']);
    library.commit([change(1000)]);
    // As after a crash: the rows are there, the graph was not written.
    const catalog = readFileSync(join(folder, 'catalog.sqlite'));
    const log = readFileSync(join(folder, 'catalog.sqlite-wal'));
    const kept = new Map(readdirSync(vectors).map((name) => [name, readFileSync(join(vectors, name))]));
    await library.close();
    rmSync(vectors, { recursive: true });
    const crashed = temporaryFolder();
    writeFileSync(join(crashed, 'catalog.sqlite'), catalog);
    writeFileSync(join(crashed, 'catalog.sqlite-wal'), log);
    const { mkdirSync } = await import('node:fs');
    mkdirSync(join(crashed, 'vectors'));
    for (const [name, bytes] of kept) writeFileSync(join(crashed, 'vectors', name), bytes);
    const again = await open(crashed);
    expect(again.searchable('photo')).toBe(COUNT);
    expect(again.item(again.search('photo', vectorOf(1000), 1)[0]?.id as ItemId)?.contentHash).toBe(
      'hash-1000',
    );
    expect(again.examine().drift.photo).toEqual({ missing: 0, surplus: 0 });
    await again.close();
  });
});

describe('a library that must not be opened', () => {
  it('because it is newer: refused, and not touched', async () => {
    const folder = await filled();
    const file = join(folder, 'catalog.sqlite');
    const database = new Database(file);
    database.pragma('user_version = 99');
    database.close();
    const before = readFileSync(file);
    for (const readOnly of [true, false]) {
      await expect(open(folder, readOnly)).rejects.toMatchObject({ code: 'ERR_DATABASE_NEWER' });
    }
    expect(readFileSync(file).equals(before)).toBe(true);
  });

  it('because it is no database', async () => {
    const folder = temporaryFolder();
    writeFileSync(
      join(folder, 'catalog.sqlite'),
      'this is a text, and longer than a hundred bytes. '.repeat(40),
    );
    for (const readOnly of [true, false]) {
      await expect(open(folder, readOnly)).rejects.toMatchObject({ code: 'ERR_DATABASE_DAMAGED' });
    }
  });

  it('because another writer has it; readers may, and the next writer may after', async () => {
    const folder = await filled();
    const writer = await open(folder);
    await expect(open(folder)).rejects.toMatchObject({
      code: 'ERR_LIBRARY_LOCKED',
      message: expect.stringContaining(String(process.pid)) as string,
    });
    const reader = await open(folder, true);
    expectWhole(reader);
    await reader.close();
    await writer.close();
    await (await open(folder)).close();
  });

  it('because its vectors are of another model', async () => {
    const folder = await filled();
    await expect(open(folder, false, 'model-b')).rejects.toMatchObject({ code: 'ERR_MODEL_MISMATCH' });
    const library = await open(folder);
    expectWhole(library);
    await library.close();
  });

  it('because there is none, for a reader', async () => {
    await expect(open(temporaryFolder(), true)).rejects.toMatchObject({ code: 'ERR_PATH_NOT_FOUND' });
  });

  it.skipIf(process.getuid?.() === 0)('because the folder is read-only, for a writer', async () => {
    const folder = temporaryFolder();
    chmodSync(folder, 0o500);
    await expect(open(join(folder, 'library'))).rejects.toMatchObject({ code: 'ERR_PATH_UNREADABLE' });
  });
});

describe('a reader', () => {
  it('reads a library on which a writer is at work, and writes nothing', async () => {
    const folder = await filled();
    rmSync(join(folder, 'vectors'), { recursive: true });
    const reader = await open(folder, true);
    expectWhole(reader);
    expect(() => reader.commit([change(7)])).toThrow('opened for writing');
    await reader.close();
    expect(existsSync(join(folder, 'vectors'))).toBe(false);
  });
});

describe('a closed engine', () => {
  it('refuses everything, and may be closed again', async () => {
    const engine = await openEngine({ dataDir: temporaryFolder() });
    await engine.close();
    await engine.close();
    const closed = { code: 'ERR_ENGINE_CLOSED' };
    await expect(engine.search('a dog')).rejects.toMatchObject(closed);
    await expect(engine.ingest(['/'])).rejects.toMatchObject(closed);
    await expect(engine.thumbnail(1 as ItemId)).rejects.toMatchObject(closed);
    await expect(engine.original(1 as ItemId)).rejects.toMatchObject(closed);
    await expect(engine.warmUp()).rejects.toMatchObject(closed);
    for (const call of [
      () => engine.item(1 as ItemId),
      () => engine.status(),
      () => engine.failures(),
      () => engine.forget('/'),
    ]) {
      expect(call).toThrow(expect.objectContaining(closed));
    }
  });
});
