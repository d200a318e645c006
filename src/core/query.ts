import type { Item, ItemId, ItemKind } from './item.js';

/** What to look for. Several parts are blended: the query is the direction of the sum of their embeddings. */
export interface Query {
  readonly text?: string;
  /** A picture that need not be in the library: a file's path or its bytes. */
  readonly image?: string | Uint8Array;
  /** An item of the library, for "more like this". It is left out of its own results. */
  readonly itemId?: ItemId;
}

export interface SearchOptions {
  /** Hits wanted, 1…1000. Default 20. */
  readonly limit?: number;
  /** Hits to skip, 0…10000. Default 0. */
  readonly offset?: number;
  /** What kind of item to find. Default `photo`. */
  readonly kind?: ItemKind;
  readonly signal?: AbortSignal;
}

export interface Hit {
  readonly item: Item;
  /** What the hits are ordered by. */
  readonly score: number;
  /** Cosine of query and item, −1…1. */
  readonly similarity: number;
}

/** Milliseconds. */
export interface SearchTiming {
  readonly encode: number;
  readonly search: number;
  readonly total: number;
}

export interface SearchResult {
  readonly hits: readonly Hit[];
  /** How many items of the kind were searched. */
  readonly total: number;
  readonly timing: SearchTiming;
  /** What the user should know about this answer: a text that was cut, for example. */
  readonly warnings: readonly string[];
}
