import { LruCache } from '../../core/lru-cache.js';
import { Remembered } from '../../core/remembered.js';
import type { Database, Statement } from './database.js';

/** Tells whether anything in a catalog has changed, whoever changed it: what was read before may then be out of date. */
export class Revision {
  readonly #own: Statement<[], number>;
  readonly #others: Statement<[], number>;
  #aside = 0;

  constructor(database: Database) {
    this.#own = database.prepare<[], number>('SELECT total_changes()').pluck();
    this.#others = database.prepare<[], number>('PRAGMA data_version').pluck();
  }

  /** Equal texts, equal rows. Own changes show in total_changes, those of other connections in data_version. */
  get current(): string {
    return `${this.#count() - this.#aside}:${this.#others.get()}`;
  }

  /** For what is worked out from the rows: so many values, until anything changes. */
  memory<Value, Key = string>(most: number): Remembered<Value, Key> {
    return new Remembered(() => this.current, new LruCache<Value, Key>(most, () => 1));
  }

  /** Makes changes that nothing depends on which is read of the catalog. */
  aside<T>(change: () => T): T {
    const before = this.#count();
    try {
      return change();
    } finally {
      this.#aside += this.#count() - before;
    }
  }

  #count(): number {
    return this.#own.get() ?? 0;
  }
}
