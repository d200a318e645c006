import { chmodSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { openEngine } from 'sightline';
import type { ItemId } from '#src/core/item.js';
import { MIGRATIONS } from '#src/index/catalog/migrations.js';
import { Library } from '#src/index/mod.js';
import { photoWith } from '../support/photo-with-metadata.js';
import { temporaryFolder } from '../support/temporary-folder.js';

/** Writes a library down again in the schema from before photos were asked what they say about themselves. */
function aged(dataDir: string): void {
  const path = join(dataDir, 'catalog.sqlite');
  renameSync(path, `${path}.new`);
  const database = new Database(path);
  database.exec(MIGRATIONS[0] as string);
  database.exec('DELETE FROM generation');
  database.prepare('ATTACH ? AS present').run(`${path}.new`);
  const columns = database.prepare<[string], string>('SELECT name FROM pragma_table_info(?)').pluck();
  for (const table of ['items', 'files', 'mentions', 'models', 'embeddings', 'generation']) {
    const names = columns.all(table).join(', ');
    database.exec(`INSERT INTO main.${table} (${names}) SELECT ${names} FROM present.${table}`);
  }
  database.pragma('user_version = 1');
  database.close();
}

describe('a library from before metadata', () => {
  const filled = async (): Promise<{ photos: string; dataDir: string }> => {
    const root = temporaryFolder();
    const photos = root;
    const dataDir = join(root, 'library');
    writeFileSync(join(photos, 'a.jpg'), await photoWith({ main: { Model: 'X100' } }));
    await using engine = await openEngine({ dataDir });
    await engine.ingest([photos]);
    return { photos, dataDir };
  };

  it('is brought up to date by whoever opens it, and asks its photos at the next ingest without embedding them', async () => {
    const { photos, dataDir } = await filled();
    aged(dataDir);
    const first = 1 as ItemId;
    {
      await using reader = await openEngine({ dataDir, readOnly: true });
      expect(reader.item(first)).toMatchObject({
        bytes: expect.any(Number) as number,
        metadata: { camera: null },
      });
    }
    await using engine = await openEngine({ dataDir });
    const { generation } = engine.status().library;
    expect(await engine.ingest([photos])).toMatchObject({ added: 0, known: 1 });
    expect(engine.item(first)).toMatchObject({ metadata: { camera: 'X100' } });
    expect(engine.status().library.generation).toBe(generation);
    expect(await engine.ingest([photos])).toMatchObject({ added: 0, known: 0, unchanged: 1 });
  });

  it.skipIf(process.getuid?.() === 0)('that may not be written to is refused with what to do', async () => {
    const { dataDir } = await filled();
    aged(dataDir);
    chmodSync(join(dataDir, 'catalog.sqlite'), 0o400);
    chmodSync(dataDir, 0o500);
    const opened = Library.open({ folder: dataDir, modelId: 'x', dimensions: 4, readOnly: true });
    await expect(opened).rejects.toMatchObject({ code: 'ERR_LIBRARY_READ_ONLY' });
    chmodSync(dataDir, 0o700);
  });
});
