/**
 * A search in four stages: the query becomes a vector, the vector finds candidates, the fused encoder may put the best of
 * them in order, and those of the page that was asked for become hits.
 */
import { SightlineError } from '../core/errors.js';
import type { Query, RerankReport, SearchOptions, SearchResult } from '../core/query.js';
import type { Encoder } from '../encoder/mod.js';
import type { Library } from '../index/mod.js';
import type { Candidate } from './candidates.js';
import { hydrate } from './hydrate.js';
import type { RecentQueries } from './recent-queries.js';
import { embedQuery, wantedTexts } from './query-embedding.js';
import type { RerankRequest, RerankStage } from './rerank-stage.js';
import { vectorCandidates } from './vector-candidates.js';

export const DEFAULT_LIMIT = 20;
export const MAX_LIMIT = 1000;
export const MAX_OFFSET = 10_000;

export interface SearchParts {
  readonly encoder: Encoder;
  readonly library: Library;
  readonly rerank?: RerankStage | undefined;
  /** Remembers what was asked, to measure the index with. */
  readonly recent?: RecentQueries | undefined;
}

function inRange(name: string, value: number, least: number, most: number): number {
  if (Number.isInteger(value) && value >= least && value <= most) return value;
  const message = `Expected a whole number from ${least} to ${most} for ${name} but received ${value}.`;
  throw new SightlineError('ERR_REQUEST_INVALID', message, { details: { name, value, least, most } });
}

export async function search(
  query: Query,
  options: SearchOptions,
  { encoder, library, rerank, recent }: SearchParts,
): Promise<SearchResult> {
  const limit = inRange('limit', options.limit ?? DEFAULT_LIMIT, 1, MAX_LIMIT);
  const offset = inRange('offset', options.offset ?? 0, 0, MAX_OFFSET);
  const { kind = 'photo', signal } = options;
  const start = performance.now();
  const embedded = await embedQuery(query, encoder, library, readingOf(query, options, rerank));
  if (embedded === undefined) {
    const message = 'Expected a text, a picture or an item to search by but received none of them.';
    throw new SightlineError('ERR_QUERY_EMPTY', message);
  }
  const encoded = performance.now();
  signal?.throwIfAborted();

  const { warnings } = embedded;
  recent?.add(query, kind, embedded.vector);
  const request = { subject: { kind, ...embedded }, asked: options.rerank, signal };
  const depth = rerank?.depth(request) ?? 0;
  const found = vectorCandidates(library, kind, embedded, Math.max(offset + limit, depth));
  const searched = performance.now();

  const answer = (
    ordered: readonly Candidate[],
    report: RerankReport | null,
    ranked: number,
  ): SearchResult => {
    const hits = hydrate(ordered.slice(offset, offset + limit), library);
    const end = performance.now();
    return {
      hits,
      total: library.searchable(kind),
      next: null,
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
    return answer(found.list, rerank?.whyNot(request) ?? null, searched);
  options.onCandidates?.(answer(found.list, { depth: 0, of: depth, reason: null }, searched));
  const { candidates, report } = await rerank.rerank(request, found.list);
  return answer(candidates, report, performance.now());
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
