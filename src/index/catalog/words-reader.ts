/**
 * Ranking by words. FTS5's bm25 weighs every item that holds any of the words, and to tell how rare a word is it also walks
 * through all that hold it: for common words over a large library that would cost more than all the rest of a search. So one
 * ranking is made, and it is bounded:
 *
 * - Weighed are the items with the rarest words, as many of the words as lead to no more items than the budget together. The
 *   words that are left out are those that tell least.
 * - Items with all the words come first, in the order of that ranking, which has nearly all of them near its top. The others
 *   of them follow, the newest first: where so many have all the words, these say little. No more than the budget are looked
 *   at, the newest.
 * - Then those with some, in the same order.
 *
 * A question by words alone has ten times the budget. Counts and answers are remembered until anything changes: the next
 * page of an answer, and the common words of another question, cost nothing.
 */
import type { Filter } from '../../core/filter.js';
import type { ItemId, ItemKind } from '../../core/item.js';
import type { Remembered } from '../../core/remembered.js';
import type { Database } from './database.js';
import { compileFilter } from './filter-sql.js';
import { ReadyStatements, type Value } from './ready-statements.js';
import type { Revision } from './revision.js';
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

const REMEMBERED_COUNTS = 4096;
/** Of up to some hundred matches each. */
const REMEMBERED_ANSWERS = 256;

export class WordsReader {
  readonly #statements: ReadyStatements;
  readonly #counts: Remembered<number>;
  readonly #answers: Remembered<readonly WordMatch[]>;

  constructor(database: Database, revision: Revision) {
    this.#statements = new ReadyStatements(database);
    this.#counts = revision.memory(REMEMBERED_COUNTS);
    this.#answers = revision.memory(REMEMBERED_ANSWERS);
  }

  /** Whether any item of the kind has words. */
  any(kind: ItemKind): boolean {
    return this.#query(`SELECT rowid FROM ${wordTable(kind)} LIMIT 1`, []).length > 0;
  }

  search(question: WordSearch): readonly WordMatch[] {
    const words = searchWords(question.text);
    if (words.length === 0) return [];
    const { kind, filter, limit, budget } = question;
    const key = JSON.stringify([kind, words, filter ?? null, limit, budget]);
    const answers = this.#answers.values;
    const known = answers.get(key);
    if (known) return known;
    const matches = this.#matches(words, question);
    answers.set(key, matches);
    return matches;
  }

  #matches(words: readonly string[], { kind, filter, limit, budget }: WordSearch): WordMatch[] {
    const everyone = allOf(words);
    const rare = this.#rarest(kind, words, budget);
    // Of one word: those with some are those with all.
    if (words.length === 1)
      return this.#find(kind, everyone, filter, limit, rare.length > 0).map((id) => ({ id, all: true }));
    const all = this.#find(kind, everyone, filter, Math.max(budget, limit), false);
    const ranked = rare.length === 0 ? [] : this.#find(kind, anyOf(rare), filter, limit, true);
    const unplaced = new Set(all);
    const placed = ranked.filter((id) => unplaced.delete(id));
    const first = [...placed, ...unplaced];
    const known = new Set(first);
    const some = ranked.filter((id) => !known.has(id));
    return [
      ...first.map((id): WordMatch => ({ id, all: true })),
      ...some.map((id): WordMatch => ({ id, all: false })),
    ].slice(0, limit);
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
    const key = `${kind} ${most} ${query}`;
    const counts = this.#counts.values;
    const known = counts.get(key);
    if (known !== undefined) return known;
    const table = wordTable(kind);
    const sql = `SELECT count(*) FROM (SELECT 1 FROM ${table} WHERE ${table} MATCH ? LIMIT ?)`;
    const count = this.#query(sql, [query, most + 1])[0] as number;
    counts.set(key, count);
    return count;
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
    return this.#statements.of(sql).all(...parameters) as ItemId[];
  }
}
