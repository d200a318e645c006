/** What keeps the catalog's file small and sound. Each call does little, so that nobody waits for it. */
import { ITEM_KINDS } from '../../core/item.js';
import type { Database } from './database.js';

const PAGE_PRAGMA = { simple: true } as const;

export class CatalogUpkeep {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** Pages that deletions left free, and all pages. */
  pages(): { free: number; all: number } {
    return { free: this.#number('freelist_count'), all: this.#number('page_count') };
  }

  /** Gives some free pages back to the file system. @returns whether that may be repeated with profit */
  shrink(pages: number): boolean {
    const before = this.pages().free;
    this.#database.pragma(`incremental_vacuum(${pages})`);
    const after = this.pages().free;
    return after > 0 && after < before;
  }

  /** Everything that was committed is on the disk when this returns, safe from a power cut too. */
  flush(): void {
    this.#database.pragma('wal_checkpoint(PASSIVE)');
  }

  /** Writes the whole file anew: for libraries from before free pages could be given back in steps. Takes its time. */
  rewrite(): void {
    this.#database.pragma('auto_vacuum = INCREMENTAL');
    this.#database.exec('VACUUM');
  }

  get #shrinksInSteps(): boolean {
    return this.#number('auto_vacuum') === 2;
  }

  /** SQLite's own check, and the references; empty where all is well. */
  problems(): string[] {
    const rows = this.#database.pragma('quick_check') as { quick_check: string }[];
    const dangling = this.#database.pragma('foreign_key_check') as { table: string }[];
    const tables = [...new Set(dangling.map(({ table }) => table))];
    return [
      ...rows.map((row) => row.quick_check).filter((line) => line !== 'ok'),
      ...tables.map((table) => `rows of ${table} refer to what is not there`),
      ...this.#miscounted(),
    ];
  }

  /** Does what of the below is needed. @param model its row in `models` @returns what was done */
  repair(model: number): string[] {
    const done: string[] = [];
    if (this.#miscounted().length > 0) {
      this.recount();
      done.push('items were counted again');
    }
    const asked = this.askAgain(model);
    if (asked > 0)
      done.push(`${asked} files whose items have no embedding are read again by the next ingest`);
    if (!this.#shrinksInSteps) {
      this.rewrite();
      done.push('the database was written anew, and gives room back from now on');
    }
    return done;
  }

  /** Counts again what is kept as a count. */
  recount(): void {
    this.#database.exec(
      'UPDATE item_counts SET count = (SELECT count(*) FROM items WHERE items.kind = item_counts.kind)',
    );
  }

  /**
   * Files of items without an embedding count as changed, so that the next ingest reads them again.
   * @returns how many files
   */
  askAgain(model: number): number {
    const lacking = `SELECT id FROM items WHERE NOT EXISTS
      (SELECT 1 FROM embeddings WHERE model = ? AND item_id = items.id)`;
    const { changes } = this.#database
      .prepare<[number, number]>(
        `UPDATE files SET mtime_ms = -1 WHERE item_id IN (${lacking})
           OR path IN (SELECT path FROM mentions WHERE item_id IN (${lacking}))`,
      )
      .run(model, model);
    return changes;
  }

  #miscounted(): string[] {
    const right = this.#database
      .prepare<[string], number>('SELECT count(*) FROM items WHERE kind = ?')
      .pluck();
    const kept = this.#database
      .prepare<[string], number>('SELECT count FROM item_counts WHERE kind = ?')
      .pluck();
    return ITEM_KINDS.filter((kind) => right.get(kind) !== kept.get(kind)).map(
      (kind) => `the kept number of ${kind}s is wrong`,
    );
  }

  #number(pragma: string): number {
    return this.#database.pragma(pragma, PAGE_PRAGMA) as number;
  }
}
