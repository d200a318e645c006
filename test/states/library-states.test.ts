import { chmodSync, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import type { ItemId } from '#src/core/item.js';
import { openEngine } from '#src/engine/mod.js';
import { expectWhole, filled, open, photo } from '../support/small-library.js';
import { temporaryFolder } from '../support/temporary-folder.js';

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
    expect(() => reader.commit([photo(7)])).toThrow('opened for writing');
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
