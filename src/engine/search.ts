import { SightlineError } from '../core/errors.js';
import type { Hit, Query, SearchOptions, SearchResult } from '../core/query.js';
import type { Encoder } from '../encoder/mod.js';
import type { Library } from '../index/mod.js';
import { embedQuery } from './query-embedding.js';

export const DEFAULT_LIMIT = 20;
export const MAX_LIMIT = 1000;
export const MAX_OFFSET = 10_000;

function inRange(name: string, value: number, least: number, most: number): number {
  if (Number.isInteger(value) && value >= least && value <= most) return value;
  const message = `Expected a whole number from ${least} to ${most} for ${name} but received ${value}.`;
  throw new SightlineError('ERR_REQUEST_INVALID', message, { details: { name, value, least, most } });
}

/** Embeds the query, finds its nearest neighbours and turns them into hits. */
export async function search(
  query: Query,
  options: SearchOptions,
  encoder: Encoder,
  library: Library,
): Promise<SearchResult> {
  const limit = inRange('limit', options.limit ?? DEFAULT_LIMIT, 1, MAX_LIMIT);
  const offset = inRange('offset', options.offset ?? 0, 0, MAX_OFFSET);
  const kind = options.kind ?? 'photo';
  const start = performance.now();
  const { vector, warnings } = await embedQuery(query, encoder, library);
  const encoded = performance.now();
  options.signal?.throwIfAborted();

  // An item is always most like itself: it is looked for as well and then left out.
  const own = query.itemId;
  const wanted = offset + limit + (own === undefined ? 0 : 1);
  const neighbours = library.search(kind, vector, wanted).filter(({ id }) => id !== own);
  const hits = neighbours.slice(offset, offset + limit).flatMap(({ id, similarity }): Hit[] => {
    const item = library.item(id);
    return item ? [{ item, score: similarity, similarity }] : [];
  });
  const end = performance.now();
  return {
    hits,
    total: library.searchable(kind),
    timing: { encode: encoded - start, search: end - encoded, total: end - start },
    warnings,
  };
}
