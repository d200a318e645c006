import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import BetterSqlite, { type Database } from 'better-sqlite3';
import { SightlineError } from '../core/errors.js';

/**
 * One writer a library. The lock is an exclusive transaction on a small SQLite file of its own, that is, a lock of the
 * operating system: it is gone with the process that held it, however that ended, so there is no stale lock to clean up.
 */
export class LibraryLock {
  readonly #database: Database;

  private constructor(database: Database) {
    this.#database = database;
  }

  /** @throws ERR_LIBRARY_LOCKED naming the process that writes */
  static acquire(folder: string): LibraryLock {
    const holder = join(folder, 'writer.pid');
    const database = new BetterSqlite(join(folder, 'writer.lock'), { timeout: 0 });
    try {
      database.exec('BEGIN EXCLUSIVE');
    } catch (error) {
      database.close();
      const pid = readHolder(holder);
      const message = `The library ${folder} is being written by ${pid ? `process ${pid}` : 'another process'}. Wait for it or stop it; searching works meanwhile.`;
      throw new SightlineError('ERR_LIBRARY_LOCKED', message, { cause: error, details: { folder, pid } });
    }
    writeFileSync(holder, String(process.pid));
    return new LibraryLock(database);
  }

  release(): void {
    this.#database.close();
  }
}

function readHolder(path: string): number | null {
  try {
    return Number(readFileSync(path, 'utf8')) || null;
  } catch {
    return null;
  }
}
