import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { toBlob } from '#src/core/embedding.js';
import { MIGRATIONS } from '#src/index/catalog/migrations.js';
import { vectorOf } from './small-library.js';

/** The first schema whose rows set off no counting. */
const WRITER_COUNTS = 7;

/** A library as the program wrote it that knew only the first steps of the schema, with photos 0, 1, 2 … in it. */
export function writeOlderLibrary(folder: string, version: number, photos: number): void {
  mkdirSync(folder, { recursive: true });
  const database = new Database(join(folder, 'catalog.sqlite'));
  database.pragma('journal_mode = WAL');
  for (const step of MIGRATIONS.slice(0, version)) database.exec(step);
  database.pragma(`user_version = ${version}`);
  database.exec(`INSERT INTO models (id, key) VALUES (1, 'model-a')`);
  const columns = database.pragma('table_info(models)') as { name: string }[];
  if (columns.some(({ name }) => name === 'role')) database.exec(`UPDATE models SET role = 'current'`);
  const item = database.prepare(
    `INSERT INTO items (kind, content_hash, width, height, format, added_at) VALUES ('photo', ?, 1, 1, 'jpeg', 0)`,
  );
  const file = database.prepare('INSERT INTO files (path, size, mtime_ms, item_id) VALUES (?, ?, ?, ?)');
  const embedding = database.prepare('INSERT INTO embeddings (model, item_id, vector) VALUES (1, ?, ?)');
  database.transaction(() => {
    for (let n = 0; n < photos; n++) {
      const id = item.run(`hash-${n}`).lastInsertRowid;
      file.run(`/photos/${n}.jpg`, n, n, id);
      embedding.run(id, toBlob(vectorOf(n)));
    }
    database.exec('UPDATE generation SET value = 1');
    // Where no trigger does, whoever writes counts and notes.
    if (version >= WRITER_COUNTS) {
      database.exec(`UPDATE item_counts SET count = ${photos} WHERE kind = 'photo'`);
      database.exec('INSERT INTO stale_words SELECT id FROM items');
    }
  })();
  database.close();
}
