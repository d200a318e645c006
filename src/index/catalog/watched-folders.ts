import type { WatchedFolder } from '../../core/ports.js';
import type { Database, Statement } from './database.js';

/** Folders that are watched whenever a process watches this library. */
export class WatchedFolders {
  readonly #database: Database;
  /** Asked for with every answer of a search. */
  readonly #all: Statement<[], { readonly path: string; readonly reconciled_at: number | null }>;

  constructor(database: Database) {
    this.#database = database;
    this.#all = database.prepare('SELECT path, reconciled_at FROM watched_folders ORDER BY path');
  }

  all(): WatchedFolder[] {
    return this.#all.all().map(({ path, reconciled_at }) => ({
      path,
      reconciledAt: reconciled_at === null ? null : new Date(reconciled_at),
    }));
  }

  /** Remembers a folder, or when it was last reconciled. */
  remember({ path, reconciledAt }: WatchedFolder): void {
    this.#database
      .prepare<[string, number | null]>(
        `INSERT INTO watched_folders (path, reconciled_at) VALUES (?, ?)
         ON CONFLICT (path) DO UPDATE SET reconciled_at = coalesce(excluded.reconciled_at, reconciled_at)`,
      )
      .run(path, reconciledAt?.getTime() ?? null);
  }

  forget(path: string): void {
    this.#database.prepare<[string]>('DELETE FROM watched_folders WHERE path = ?').run(path);
  }
}
