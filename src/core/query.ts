import type { Filter } from './filter.js';
import type { Item, ItemId, ItemKind } from './item.js';

/** One thing that a query is made of. */
export type QueryPart = {
  /** How much it counts beside the other parts, above 0. Default 1. */
  readonly weight?: number;
} & (
  | { readonly text: string }
  /** A picture that need not be in the library: a file's path or its bytes. */
  | { readonly image: string | Uint8Array }
  /** An item of the library, for "more like this". It is left out of its own results. */
  | { readonly itemId: ItemId }
);

/** What to look for. Parts are blended by their weights; what is in `not` is turned away from. */
export interface Query {
  /** Short for a part of weight 1, as are `image` and `itemId`. */
  readonly text?: string;
  readonly image?: string | Uint8Array;
  readonly itemId?: ItemId;
  /** Further parts. */
  readonly all?: readonly QueryPart[];
  /** What the hits should not show: "beach", but not "people". */
  readonly not?: readonly QueryPart[];
}

/** `semantic` compares vectors, `keyword` words, `hybrid` merges both rankings. */
export const SEARCH_MODES = ['semantic', 'keyword', 'hybrid'] as const;
export type SearchMode = (typeof SEARCH_MODES)[number];

export const SORT_ORDERS = ['score', 'newest', 'oldest'] as const;
export type SortOrder = (typeof SORT_ORDERS)[number];

export interface RerankOptions {
  /** How many of the best candidates the fused mode reads. */
  readonly depth?: number;
  /** Milliseconds after which it answers with what it has. */
  readonly budgetMs?: number;
}

export interface SearchOptions {
  /** Hits wanted, 1…1000. Default 20. */
  readonly limit?: number;
  /** Hits to skip, 0…10000. Default 0. */
  readonly offset?: number;
  /** Go on behind an earlier answer of the same query: its `next`. Instead of `offset`. */
  readonly cursor?: string;
  /** What kind of item to find. Default `photo`. */
  readonly kind?: ItemKind;
  /** Only items of which this is true. */
  readonly filter?: Filter;
  /** Default `hybrid` where the query has words and the library too, otherwise `semantic`. */
  readonly mode?: SearchMode;
  /** Leave out what is hardly what was asked for. Default true for queries with words, where the model can tell. */
  readonly cutoff?: boolean;
  /** By date: within what is relevant. Default `score`. */
  readonly sort?: SortOrder;
  readonly rerank?: boolean | RerankOptions;
  /** Told the answer as it is before the fused mode has read anything, where it is going to. */
  readonly onCandidates?: (answer: SearchResult) => void;
  readonly signal?: AbortSignal;
}

export interface Hit {
  readonly item: Item;
  /** What the hits are ordered by, unless they are sorted by date. */
  readonly score: number;
  /** Cosine of query and item, −1…1. */
  readonly similarity: number;
  /** The fused encoder's verdict on query and item, where it read them. */
  readonly fusedScore: number | null;
  /** How likely the item is what was asked for, 0…1; null where the library is too small to tell. */
  readonly confidence: number | null;
  /** Whether its words say what was asked for: every word of the query, some, or none. */
  readonly words: 'all' | 'some' | 'none';
  /** Places from 1, before and after the fused encoder, where it changed the order. */
  readonly rank?: { readonly candidate: number; readonly final: number };
}

/** How the answer was found. */
export interface SearchPlan {
  readonly mode: SearchMode;
  /** `graph`: approximate neighbours; `exact`: every item that the filter leaves was compared; `none`: words alone. */
  readonly vectors: 'graph' | 'exact' | 'none';
  /** Items that the filter leaves, where they were counted: a filter that leaves many is not counted to its end. */
  readonly matching: number | null;
  /** Neighbours that were looked at. */
  readonly examined: number;
}

export interface Cutoff {
  /** Hits below this confidence were left out, unless their words say all that was asked. */
  readonly confidence: number;
  /** Of the candidates that were looked at, how many stayed. */
  readonly kept: number;
  readonly of: number;
}

/** Milliseconds. */
export interface SearchTiming {
  readonly encode: number;
  readonly search: number;
  readonly rerank: number;
  readonly total: number;
}

/** How deep the fused encoder read. */
export interface RerankReport {
  /** How many candidates it read, and of how many that were meant to be. */
  readonly depth: number;
  readonly of: number;
  /** Why not all, or none. */
  readonly reason: string | null;
}

/** How well a library agrees with the folders that it is made from. */
export interface Freshness {
  /** Whether this process follows the watched folders. */
  readonly watching: boolean;
  /** Files that wait to be looked at or ingested, as far as they are known. */
  readonly pending: number;
  /** When the watched folder that waits longest was last compared from end to end; null where one never was. */
  readonly lastReconciled: Date | null;
}

export interface SearchResult {
  readonly hits: readonly Hit[];
  /** How many items of the kind there are to search. */
  readonly total: number;
  /** Where to go on, for `cursor`; null at the end. */
  readonly next: string | null;
  readonly plan: SearchPlan;
  /** Null where everything was kept, sorted. No hits and a cutoff together say: nothing here shows that. */
  readonly cutoff: Cutoff | null;
  readonly rerank: RerankReport | null;
  readonly timing: SearchTiming;
  /** Absent where nobody knows: the engine adds it. */
  readonly freshness?: Freshness;
  /** What the user should know about this answer: a text that was cut, for example. */
  readonly warnings: readonly string[];
}
