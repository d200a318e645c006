import type { ItemKind } from '../core/item.js';
import type { Query } from '../core/query.js';
import type { Library } from '../index/mod.js';

/** Queries that wait for their row: one transaction for many, and none while somebody waits for an answer. */
const TOGETHER = 16;

type Kept = Parameters<Library['keepQueries']>[0][number];

/**
 * Remembers the last queries with the library, as vectors without their words, so that the index can be measured with what
 * is really asked of it. What waits is lost with the process; nothing depends on it.
 */
export class RecentQueries {
  readonly #library: Library;
  #waiting: Kept[] = [];

  constructor(library: Library) {
    this.#library = library;
  }

  add(query: Query, kind: ItemKind, vector: Float32Array): void {
    // A query of several parts lies where its words put it, among the texts.
    this.#waiting.push({
      kind,
      source: query.text === undefined && query.image !== undefined ? 'image' : 'text',
      vector,
    });
    if (this.#waiting.length >= TOGETHER) this.flush();
  }

  flush(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    try {
      this.#library.keepQueries(waiting);
    } catch {
      // A full disk must not keep anybody from searching.
    }
  }
}
