/** Opening SQLite: the only file that knows how. */
import { existsSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs';
import BetterSqlite, { type Database } from 'better-sqlite3';
import { pathError, SightlineError, systemCode } from '../../core/errors.js';
import { MIGRATIONS } from './migrations.js';

export type { Database, Statement } from 'better-sqlite3';

/** Milliseconds that a statement waits for another process's write to end. */
const BUSY_TIMEOUT = 5000;

const DAMAGED: ReadonlySet<string> = new Set(['SQLITE_NOTADB', 'SQLITE_CORRUPT']);

/** An SQLite error in our words. */
export function databaseError(error: unknown, path: string): SightlineError {
  const code = systemCode(error) ?? '';
  if (DAMAGED.has(code)) {
    const message = `${path} is not a readable library database (${code}). Restore it from a backup, or move it away and ingest again.`;
    return new SightlineError('ERR_DATABASE_DAMAGED', message, { cause: error, details: { path } });
  }
  if (code === 'SQLITE_FULL') {
    const message = `${path} could not grow: the disk is full. Nothing that was acknowledged is lost; free some room and run again.`;
    return new SightlineError('ERR_DISK_FULL', message, { cause: error, details: { path } });
  }
  return pathError(error, path, 'ERR_INTERNAL');
}

function refuseNewer(database: Database, path: string): number {
  const version = database.pragma('user_version', { simple: true }) as number;
  if (version > MIGRATIONS.length) {
    const message = `${path} has schema ${version} and this Sightline knows up to ${MIGRATIONS.length}. Update Sightline; the library was not touched.`;
    throw new SightlineError('ERR_DATABASE_NEWER', message, {
      details: { path, version, known: MIGRATIONS.length },
    });
  }
  return version;
}

function migrate(database: Database, path: string, readOnly: boolean): void {
  const version = refuseNewer(database, path);
  if (version === MIGRATIONS.length) return;
  if (readOnly) return bringUpToDate(path);
  database
    .transaction(() => {
      // Read again: another process may have been at it in the meantime.
      for (const step of MIGRATIONS.slice(refuseNewer(database, path))) database.exec(step);
      database.pragma(`user_version = ${MIGRATIONS.length}`);
    })
    .immediate();
}

/** A reader of an older library brings it up to date first, through a connection of its own. */
function bringUpToDate(path: string): void {
  try {
    openDatabase(path, false).close();
  } catch (error) {
    if (error instanceof SightlineError && error.code === 'ERR_DATABASE_DAMAGED') throw error;
    const message = `${path} was written by an older Sightline and must be brought up to date once, but cannot be written to. Run \`sightline stats\` as the user who owns it.`;
    throw new SightlineError('ERR_LIBRARY_READ_ONLY', message, { cause: error, details: { path } });
  }
}

/** Where the header says that there is a log beside the file. */
const LOG_FLAGS = [18, 19] as const;

/**
 * Even a reader needs a file beside the log of the database, which a read-only medium does not let it make. Where no log
 * was left behind the database is whole without it, and is read into memory.
 */
function openForReading(path: string): Database {
  const database = new BetterSqlite(path, { readonly: true, timeout: BUSY_TIMEOUT });
  try {
    database.pragma('user_version');
    return database;
  } catch (error) {
    database.close();
    const log = `${path}-wal`;
    const isWhole = !existsSync(log) || statSync(log).size === 0;
    if (systemCode(error) !== 'SQLITE_CANTOPEN' || !isWhole) throw error;
    const bytes = readFileSync(path);
    for (const at of LOG_FLAGS) bytes[at] = 1;
    return new BetterSqlite(bytes, { readonly: true });
  }
}

/**
 * @throws ERR_DATABASE_NEWER, ERR_DATABASE_DAMAGED, ERR_LIBRARY_READ_ONLY, ERR_PATH_NOT_FOUND where a reader finds no library
 */
export function openDatabase(path: string, readOnly: boolean): Database {
  if (readOnly && !existsSync(path)) {
    const message = `There is no library at ${path} yet. Put photos into it with: sightline ingest FOLDER`;
    throw new SightlineError('ERR_PATH_NOT_FOUND', message, { details: { path } });
  }
  let database: Database | undefined;
  try {
    if (!existsSync(path)) create(path);
    database = readOnly ? openForReading(path) : new BetterSqlite(path, { timeout: BUSY_TIMEOUT });
    database.pragma('foreign_keys = ON');
    // The version is read before anything is written, so that a newer library is left as it is.
    refuseNewer(database, path);
    if (!readOnly) prepareWriter(database);
    migrate(database, path, readOnly);
    return database;
  } catch (error) {
    database?.close();
    throw databaseError(error, path);
  }
}

/**
 * A new library is made beside its place and moved there when it is whole: a reader finds none or all of it, and never
 * stands in the way of the first steps, which want the file for themselves.
 */
function create(path: string): void {
  const unfinished = `${path}.unfinished`;
  // A log that is left of a database that is gone must not be taken for the new one's.
  for (const left of [unfinished, `${unfinished}-wal`, `${unfinished}-shm`, `${path}-wal`, `${path}-shm`])
    rmSync(left, { force: true });
  const database = new BetterSqlite(unfinished, { timeout: BUSY_TIMEOUT });
  try {
    // Only a new file takes these. Embeddings of a kibibyte leave a quarter of each usual page empty.
    database.pragma('page_size = 16384');
    // What deletions leave free can then be given back in small steps.
    database.pragma('auto_vacuum = INCREMENTAL');
    prepareWriter(database);
    migrate(database, unfinished, false);
  } finally {
    // Moves the log into the file, and removes it.
    database.close();
  }
  renameSync(unfinished, path);
}

function prepareWriter(database: Database): void {
  database.pragma('journal_mode = WAL');
  // A crash of the process loses nothing; a power cut may lose the last moments, which the next ingest does again.
  database.pragma('synchronous = NORMAL');
  // KiB. Hashes are spread over their whole index: a writer that holds it in memory reads no page twice.
  database.pragma('cache_size = -16384');
  // What a statement with triggers may have to take back is kept beside it: in a file that would be a write for each row.
  database.pragma('temp_store = MEMORY');
  // Pages; 64 MiB. A page of the hashes' index is written anew with nearly every batch, and goes into the file once a round.
  database.pragma('wal_autocheckpoint = 4096');
}
