/**
 * A search in four stages: the query becomes a vector, vector and words find candidates, the fused encoder may put the best
 * of them in order, and those of the page that was asked for become hits.
 */
import { SightlineError } from '../core/errors.js';
import { checkFilter } from '../core/filter-check.js';
import type { Query, RerankReport, SearchMode, SearchOptions, SearchResult } from '../core/query.js';
import type { Encoder } from '../encoder/mod.js';
import type { Library } from '../index/mod.js';
import { browse, type Candidate, type Candidates, findCandidates } from './candidates.js';
import type { Background } from './confidence.js';
import { cursorAfter, fingerprintOf, placeOf } from './cursor.js';
import { hydrate } from './hydrate.js';
import { embedQuery, type QueryEmbedding, wantedTexts } from './query-embedding.js';
import type { RecentQueries } from './recent-queries.js';
import type { RerankRequest, RerankStage } from './rerank-stage.js';
import { SEARCH_TURNS } from './turns.js';

export const DEFAULT_LIMIT = 20;
export const MAX_LIMIT = 1000;
export const MAX_OFFSET = 10_000;

export interface SearchParts {
  readonly encoder: Encoder;
  readonly library: Library;
  readonly background: Background;
  readonly rerank?: RerankStage | undefined;
  /** Remembers what was asked, to measure the index with. */
  readonly recent?: RecentQueries | undefined;
}

function inRange(name: string, value: number, least: number, most: number): number {
  if (Number.isInteger(value) && value >= least && value <= most) return value;
  const message = `Expected a whole number from ${least} to ${most} for ${name} but received ${value}.`;
  throw new SightlineError('ERR_REQUEST_INVALID', message, { details: { name, value, least, most } });
}

const NOTHING_ASKED: QueryEmbedding = {
  vector: new Float32Array(),
  texts: [],
  unwanted: [],
  pictures: [],
  itemIds: [],
  warnings: [],
};

/** Whether the library changed its model while the query was read by the one before: then it is read again. */
export class ModelExchanged extends Error {}

/** @throws ModelExchanged, which is no fault: whoever holds the next model asks again */
export async function search(
  query: Query,
  options: SearchOptions,
  parts: SearchParts,
): Promise<SearchResult> {
  const { encoder, library, rerank, recent } = parts;
  const limit = inRange('limit', options.limit ?? DEFAULT_LIMIT, 1, MAX_LIMIT);
  const { kind = 'photo', signal } = options;
  if (options.filter) checkFilter(options.filter);
  const start = performance.now();
  const asked = await embedQuery(query, encoder, library, readingOf(query, options, rerank));
  if (asked === undefined && options.filter === undefined) {
    const message = 'Expected a text, a picture or an item to search by but received none of them.';
    throw new SightlineError('ERR_QUERY_EMPTY', message);
  }
  const embedded = asked ?? NOTHING_ASKED;
  const encoded = performance.now();
  await SEARCH_TURNS.next();
  signal?.throwIfAborted();
  // From here to the candidates nothing waits: the vector and those that it is compared with are of one model.
  if (library.modelId !== encoder.dual.modelId) throw new ModelExchanged();

  const fingerprint = fingerprintOf(embedded.vector, options);
  const from = placeOf(options.cursor, fingerprint);
  const offset = inRange('offset', from?.offset ?? options.offset ?? 0, 0, MAX_OFFSET);
  const { warnings } = embedded;
  if (asked) recent?.add(query, kind, asked.vector);
  const request = { subject: { kind, ...embedded }, asked: options.rerank, signal };
  const byTime = options.sort !== undefined && options.sort !== 'score';
  const depth = asked === undefined || byTime ? 0 : (rerank?.depth(request) ?? 0);
  // One more than the page, to know whether there is another.
  const found = candidatesFor(asked, options, Math.max(offset + limit + 1, depth), parts);
  const searched = performance.now();

  const answer = (
    ordered: readonly Candidate[],
    report: RerankReport | null,
    ranked: number,
  ): SearchResult => {
    const first = from?.after(ordered) ?? offset;
    const page = ordered.slice(first, first + limit);
    const hits = hydrate(page, library);
    const isMore = ordered.length > first + limit && first + limit <= MAX_OFFSET;
    const end = performance.now();
    return {
      hits,
      total: library.searchable(kind),
      next: isMore ? cursorAfter(fingerprint, first + limit, page.at(-1)?.id) : null,
      plan: found.plan,
      cutoff: found.cutoff,
      rerank: report,
      timing: {
        encode: encoded - start,
        search: searched - encoded + (end - ranked),
        rerank: ranked - searched,
        total: end - start,
      },
      warnings,
    };
  };
  if (depth === 0 || rerank === undefined)
    return answer(found.list, asked && !byTime ? (rerank?.whyNot(request) ?? null) : null, searched);
  options.onCandidates?.(answer(found.list, { depth: 0, of: depth, reason: null }, searched));
  const { candidates, report } = await rerank.rerank(request, found.list);
  return answer(candidates, report, performance.now());
}

function candidatesFor(
  asked: QueryEmbedding | undefined,
  { kind = 'photo', filter, mode, cutoff, sort = 'score' }: SearchOptions,
  wanted: number,
  { encoder, library, background }: SearchParts,
): Candidates {
  if (asked === undefined) return browse({ kind, filter: filter ?? { all: [] }, sort, wanted }, library);
  const { vector, texts, itemIds } = asked;
  const hasText = texts.length > 0;
  const usual: SearchMode = hasText && library.words.any(kind) ? 'hybrid' : 'semantic';
  if (mode === 'keyword' && !hasText) {
    const message =
      'Expected a text for mode keyword but the query has none. Add words, or search by mode semantic.';
    throw new SightlineError('ERR_REQUEST_INVALID', message);
  }
  const request = { kind, vector, texts, itemIds, filter, sort, wanted };
  const ends = encoder.bundle.manifest.cutoff?.default ?? true;
  return findCandidates(
    { ...request, mode: hasText ? (mode ?? usual) : 'semantic', cutoff: cutoff ?? (hasText && ends) },
    library,
    background,
  );
}

/** What photos are looked for by: where the fused mode verifies what must not be there, the rest of the text alone. */
function readingOf(
  query: Query,
  { kind = 'photo', rerank: asked, signal }: SearchOptions,
  stage: RerankStage | undefined,
): ((text: string) => string) | undefined {
  if (stage === undefined || kind !== 'photo') return undefined;
  const subject = { kind, texts: wantedTexts(query), unwanted: [], pictures: [], itemIds: [] };
  const request: RerankRequest = { subject, asked, signal };
  return stage.depth(request) > 0 ? (text) => stage.positive(text) : undefined;
}
