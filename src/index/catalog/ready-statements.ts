import { LruCache } from '../../core/lru-cache.js';
import type { Database, Statement } from './database.js';

export type Value = string | number;

const MOST = 64;

/** Statements that are made of what is asked, kept ready: preparing one costs more than a small answer. Rows are their first column. */
export class ReadyStatements {
  readonly #database: Database;
  readonly #ready = new LruCache<Statement<Value[], number>>(MOST, () => 1);

  constructor(database: Database) {
    this.#database = database;
  }

  of(sql: string): Statement<Value[], number> {
    const known = this.#ready.get(sql);
    if (known) return known;
    const statement = this.#database.prepare<Value[], number>(sql).pluck();
    this.#ready.set(sql, statement);
    return statement;
  }
}
