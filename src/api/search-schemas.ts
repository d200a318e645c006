/** What a search takes and gives, as schemas; the types beside them are checked to be the same. */
import { z } from 'zod';
import { both } from '../core/filter.js';
import { ITEM_KINDS, type ItemId, type ItemKind } from '../core/item.js';
import {
  type Cutoff,
  type Hit,
  type Query,
  type QueryPart,
  type RerankReport,
  SEARCH_MODES,
  type SearchMode,
  type SearchOptions,
  type SearchPlan,
  type SearchResult,
  type SearchTiming,
  SORT_ORDERS,
  type SortOrder,
} from '../core/query.js';
import { parseTyped, queryOfTyped } from '../core/typed-query.js';
import { DEFAULT_LIMIT, MAX_LIMIT, MAX_OFFSET } from '../engine/mod.js';
import { filterField, filterOf, type FilterRequest } from './filter-schema.js';
import { idField, type ItemFields, itemFields, itemFieldsOf } from './item-schemas.js';
import { type FreshnessAnswer, freshnessAnswer, freshnessSchema } from './status-schemas.js';

export interface PartRequest {
  readonly text?: string | undefined;
  readonly imageId?: number | undefined;
  readonly weight?: number | undefined;
}

interface RerankRequest {
  readonly depth?: number | undefined;
  readonly budgetMs?: number | undefined;
}

/** What every search takes, whatever it searches by. */
export interface SearchPage {
  readonly query?: string | undefined;
  readonly filter?: FilterRequest | undefined;
  readonly all?: readonly PartRequest[] | undefined;
  readonly not?: readonly PartRequest[] | undefined;
  readonly kind: ItemKind;
  readonly limit: number;
  readonly offset?: number | undefined;
  readonly cursor?: string | undefined;
  readonly mode?: SearchMode | undefined;
  readonly cutoff?: boolean | undefined;
  readonly sort?: SortOrder | undefined;
  readonly rerank?: boolean | RerankRequest | undefined;
}

export interface SearchRequest extends SearchPage {
  readonly text?: string | undefined;
  readonly imageId?: number | undefined;
}

export const MAX_PARTS = 16;
const MAX_CURSOR_CHARACTERS = 4096;

const part: z.ZodType<PartRequest> = z
  .strictObject({
    text: z.string().optional(),
    imageId: idField.optional(),
    weight: z.coerce.number().positive().max(100).optional().describe('Beside the other parts. Default 1.'),
  })
  .refine(({ text, imageId }) => (text === undefined) !== (imageId === undefined), {
    error: 'expected either text or imageId',
  })
  .meta({ id: 'QueryPart', description: 'A text, or an item of the library.' });

/** A form carries structures as JSON. */
const fromJson = (text: unknown): unknown => {
  if (typeof text !== 'string') return text;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
};
export const structure = <T>(schema: z.ZodType<T>): z.ZodType<T> => z.preprocess(fromJson, schema);

const parts = structure(z.array(part).max(MAX_PARTS)).optional();

export const searchFields: { readonly [Field in keyof SearchPage]-?: z.ZodType<SearchPage[Field]> } = {
  query: z
    .string()
    .optional()
    .describe('As typed into the page: words, "exact words", -leave-outs and conditions. Instead of text.'),
  filter: filterField.optional(),
  all: parts.describe('Further parts of the query, blended by their weights.'),
  not: parts.describe('What the hits should not show.'),
  kind: z.enum(ITEM_KINDS).default('photo').describe('What kind of item to find.'),
  limit: z.coerce.number().int().min(1).max(MAX_LIMIT).default(DEFAULT_LIMIT).describe('Hits wanted.'),
  offset: z.coerce.number().int().min(0).max(MAX_OFFSET).optional().describe('Hits to skip. Default 0.'),
  cursor: z
    .string()
    .max(MAX_CURSOR_CHARACTERS)
    .optional()
    .describe('`next` of an earlier answer to the same query, to go on behind it; instead of offset.'),
  mode: z
    .enum(SEARCH_MODES)
    .optional()
    .describe(
      'semantic compares vectors, keyword words, hybrid merges both. Default: hybrid where there are words.',
    ),
  cutoff: structure(z.boolean())
    .optional()
    .describe(
      'Leave out what is hardly what was asked for. Default: true for queries with words, where the model can tell.',
    ),
  sort: z.enum(SORT_ORDERS).optional().describe('By date: within what is relevant. Default score.'),
  rerank: structure(
    z.union([
      z.boolean(),
      z.strictObject({
        depth: z.number().int().min(1).max(MAX_LIMIT).optional(),
        budgetMs: z.number().positive().max(60_000).optional(),
      }),
    ]),
  )
    .optional()
    .describe('Let the fused encoder read the best candidates: to which depth, for how many milliseconds.'),
};

export const textField: z.ZodType<string> = z.string().describe('What the photo shows, in plain words.');

export const searchRequest: z.ZodType<SearchRequest> = z
  .strictObject({
    text: textField.optional(),
    imageId: idField.optional().describe('An item of the library, for more like it.'),
    ...searchFields,
  })
  .meta({ id: 'SearchRequest' });

export const queryPart = ({ text: words, imageId, weight }: PartRequest): QueryPart => ({
  ...(words !== undefined ? { text: words } : { itemId: imageId as ItemId }),
  ...(weight !== undefined && { weight }),
});

/** The query of a request; a picture comes apart. @throws ERR_FILTER_INVALID */
export function queryOf({ text: words, imageId, all, not, query }: SearchRequest): Query {
  const typed: Query = query === undefined ? {} : queryOfTyped(parseTyped(query));
  const unwanted = [...(typed.not ?? []), ...(not ?? []).map(queryPart)];
  return {
    ...typed,
    ...(words !== undefined && { text: words }),
    ...(imageId !== undefined && { itemId: imageId as ItemId }),
    ...(all !== undefined && { all: all.map(queryPart) }),
    ...(unwanted.length > 0 && { not: unwanted }),
  };
}

/** What `undefined` would mean is that the engine decides, and it does so for what is absent. */
function present<T extends object>(fields: T): { [Key in keyof T]: Exclude<T[Key], undefined> } {
  const there = Object.entries(fields).filter(([, value]) => value !== undefined);
  return Object.fromEntries(there) as { [Key in keyof T]: Exclude<T[Key], undefined> };
}

export function optionsOf(request: SearchPage): SearchOptions {
  const { kind, limit, offset, cursor, mode, cutoff, sort, rerank, query } = request;
  const filter = both(query === undefined ? undefined : parseTyped(query).filter, filterOf(request.filter));
  const depth = typeof rerank === 'object' ? present(rerank) : rerank;
  return present({ kind, limit, offset, cursor, filter, mode, cutoff, sort, rerank: depth }) as SearchOptions;
}

export interface HitAnswer extends ItemFields, Omit<Hit, 'item' | 'rank'> {
  readonly rank?: NonNullable<Hit['rank']> | undefined;
}

const place = z.number().int().min(1);

const hitSchema: z.ZodType<HitAnswer> = z
  .strictObject({
    ...itemFields,
    score: z.number().describe('What the hits are ordered by, unless they are sorted by date.'),
    similarity: z.number().describe('Cosine of query and item, −1…1.'),
    fusedScore: z.number().nullable().describe("The fused encoder's verdict, where it read them."),
    confidence: z.number().nullable().describe('How likely the item is what was asked for, 0…1.'),
    words: z.enum(['all', 'some', 'none']).describe('Whether its words say what was asked for.'),
    rank: z
      .strictObject({ candidate: place, final: place })
      .optional()
      .describe('Places before and after the fused encoder, where it changed the order.'),
  })
  .meta({ id: 'Hit' });

export interface SearchAnswer extends Omit<SearchResult, 'hits' | 'freshness'> {
  readonly hits: readonly HitAnswer[];
  readonly freshness?: FreshnessAnswer | undefined;
}

const count = z.number().int().min(0);
const milliseconds = z.number().min(0);

const planSchema: z.ZodType<SearchPlan> = z.strictObject({
  mode: z.enum(SEARCH_MODES),
  vectors: z.enum(['graph', 'exact', 'none']),
  matching: count.nullable().describe('Items that the filter leaves, where they were counted.'),
  examined: count.describe('Neighbours that were looked at.'),
});

const cutoffSchema: z.ZodType<Cutoff> = z.strictObject({
  confidence: z.number().describe('Hits below it were left out, unless their words say all that was asked.'),
  kept: count,
  of: count,
});

const rerankSchema: z.ZodType<RerankReport> = z.strictObject({
  depth: count.describe('Candidates that were read.'),
  of: count.describe('Candidates that were meant to be.'),
  reason: z.string().nullable().describe('Why not all, or none.'),
});

const timingSchema: z.ZodType<SearchTiming> = z
  .strictObject({ encode: milliseconds, search: milliseconds, rerank: milliseconds, total: milliseconds })
  .describe('Milliseconds.');

export const searchSchema: z.ZodType<SearchAnswer> = z
  .strictObject({
    hits: z.array(hitSchema),
    total: count.describe('How many items of the kind there are to search.'),
    next: z.string().nullable().describe('Where to go on, for `cursor`; null at the end.'),
    plan: planSchema,
    cutoff: cutoffSchema.nullable(),
    rerank: rerankSchema.nullable(),
    timing: timingSchema,
    freshness: freshnessSchema.optional(),
    warnings: z.array(z.string()).describe('What a person should know about this answer.'),
  })
  .meta({ id: 'SearchAnswer' });

export function searchAnswer({ hits, freshness, ...rest }: SearchResult): SearchAnswer {
  return {
    // Assigned: an object of two spread ones takes seventy times as long to make.
    hits: hits.map(({ item, ...scores }): HitAnswer => Object.assign(itemFieldsOf(item), scores)),
    ...rest,
    ...(freshness && { freshness: freshnessAnswer(freshness) }),
  };
}
