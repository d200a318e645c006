import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import BetterSqlite, { type Database } from 'better-sqlite3';
import { pathError, SightlineError, systemCode } from '../core/errors.js';

/**
 * One writer a library. The lock is an exclusive transaction on a small SQLite file of its own, that is, a lock of the
 * operating system: it is gone with the process that held it, however that ended, so there is no stale lock to clean up.
 */
export class LibraryLock {
  readonly #database: Database;

  private constructor(database: Database) {
    this.#database = database;
  }

  /** @throws ERR_LIBRARY_LOCKED naming the process that writes, ERR_LIBRARY_READ_ONLY, ERR_PATH_UNREADABLE */
  static acquire(folder: string): LibraryLock {
    const holder = join(folder, 'writer.pid');
    let database: Database | undefined;
    try {
      database = new BetterSqlite(join(folder, 'writer.lock'), { timeout: 0 });
      database.exec('BEGIN EXCLUSIVE');
      writeFileSync(holder, String(process.pid));
      return new LibraryLock(database);
    } catch (error) {
      database?.close();
      if (systemCode(error) !== 'SQLITE_BUSY') throw unwritable(error, folder);
      const pid = readHolder(holder);
      const message = `The library ${folder} is being written by ${pid ? `process ${pid}` : 'another process'}. Wait for it or stop it; searching works meanwhile.`;
      throw new SightlineError('ERR_LIBRARY_LOCKED', message, { cause: error, details: { folder, pid } });
    }
  }

  release(): void {
    this.#database.close();
  }
}

function unwritable(error: unknown, folder: string): SightlineError {
  if (!systemCode(error)?.startsWith('SQLITE_')) return pathError(error, folder, 'ERR_INTERNAL');
  const message = `The library ${folder} cannot be written to by this user. Change its permissions, or choose another --data-dir; searching works all the same.`;
  return new SightlineError('ERR_LIBRARY_READ_ONLY', message, { cause: error, details: { folder } });
}

function readHolder(path: string): number | null {
  try {
    return Number(readFileSync(path, 'utf8')) || null;
  } catch {
    return null;
  }
}
