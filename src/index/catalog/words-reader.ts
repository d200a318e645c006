/**
 * Ranking by words. FTS5's bm25 weighs every item that holds any of the words, which costs about half a microsecond each: a
 * question of common words over a large library would cost more than all the rest of a search. So rankings are bounded:
 *
 * - Items with all the words come first, by bm25. Where they are more than the budget, they say little, and the newest of
 *   them are as good as any.
 * - Then those with some: of the rarest words, as many as fit the budget together. What is left out are the words that
 *   tell least.
 *
 * A question by words alone has ten times the budget.
 */
import type { Filter } from '../../core/filter.js';
import type { ItemId, ItemKind } from '../../core/item.js';
import type { Database, Statement } from './database.js';
import { compileFilter } from './filter-sql.js';
import { allOf, anyOf, searchWords, wordTable } from './words-query.js';

/** An item that the words lead to, best first in its list. */
export interface WordMatch {
  readonly id: ItemId;
  readonly all: boolean;
}

export interface WordSearch {
  readonly kind: ItemKind;
  readonly text: string;
  readonly filter: Filter | undefined;
  readonly limit: number;
  /** Items that may be weighed. */
  readonly budget: number;
}

/** What a word is worth by where it stands: people, tags, title, caption, description, name, folder, camera. */
const WEIGHTS: Readonly<Record<ItemKind, string>> = {
  photo: '8.0, 6.0, 5.0, 4.0, 3.0, 2.0, 1.0, 1.0',
  caption: '1.0',
};

type Value = string | number;

export class WordsReader {
  readonly #database: Database;
  readonly #statements = new Map<string, Statement<Value[], ItemId>>();

  constructor(database: Database) {
    this.#database = database;
  }

  /** Whether any item of the kind has words. */
  any(kind: ItemKind): boolean {
    return this.#query(`SELECT rowid FROM ${wordTable(kind)} LIMIT 1`, []).length > 0;
  }

  search({ kind, text, filter, limit, budget }: WordSearch): WordMatch[] {
    const words = searchWords(text);
    if (words.length === 0) return [];
    const find = (query: string, ranked: boolean): ItemId[] => this.#find(kind, query, filter, limit, ranked);
    const everyone = allOf(words);
    const ids = find(everyone, this.#count(kind, everyone, budget) <= budget);
    const matches = ids.map((id): WordMatch => ({ id, all: true }));
    if (matches.length >= limit || words.length === 1) return matches;
    const rare = this.#rarest(kind, words, budget);
    if (rare.length === 0) return matches;
    const known = new Set(ids);
    for (const id of find(anyOf(rare), true)) if (!known.has(id)) matches.push({ id, all: false });
    return matches.slice(0, limit);
  }

  /** The rarest words that together lead to no more items than the budget. */
  #rarest(kind: ItemKind, words: readonly string[], budget: number): string[] {
    const counted = words
      .map((word) => ({ word, count: this.#count(kind, anyOf([word]), budget) }))
      .toSorted((a, b) => a.count - b.count);
    let sum = 0;
    return counted.flatMap(({ word, count }) => ((sum += count) <= budget && count > 0 ? [word] : []));
  }

  /** How many items a question leads to, counted up to one more than `most`. */
  #count(kind: ItemKind, query: string, most: number): number {
    const table = wordTable(kind);
    const sql = `SELECT count(*) FROM (SELECT 1 FROM ${table} WHERE ${table} MATCH ? LIMIT ?)`;
    return this.#query(sql, [query, most + 1])[0] as number;
  }

  #find(kind: ItemKind, query: string, filter: Filter | undefined, limit: number, ranked: boolean): ItemId[] {
    const table = wordTable(kind);
    const compiled = filter && compileFilter(filter, kind, 'check');
    const fits = compiled
      ? `AND EXISTS (SELECT 1 FROM items LEFT JOIN photo_metadata AS facts ON facts.item_id = items.id
           WHERE items.id = ${table}.rowid AND ${compiled.sql})`
      : '';
    const order = ranked ? `bm25(${table}, ${WEIGHTS[kind]}), rowid` : 'rowid DESC';
    const sql = `SELECT rowid FROM ${table} WHERE ${table} MATCH ? ${fits} ORDER BY ${order} LIMIT ?`;
    return this.#query(sql, [query, ...(compiled?.parameters ?? []), limit]);
  }

  #query(sql: string, parameters: readonly Value[]): ItemId[] {
    let statement = this.#statements.get(sql);
    if (statement === undefined) {
      statement = this.#database.prepare<Value[], ItemId>(sql).pluck();
      if (this.#statements.size >= REMEMBERED) this.#statements.clear();
      this.#statements.set(sql, statement);
    }
    return statement.all(...parameters);
  }
}

/** Statements kept ready. */
const REMEMBERED = 64;
