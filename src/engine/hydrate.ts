import type { Hit } from '../core/query.js';
import type { Library } from '../index/mod.js';
import type { Candidate } from './candidates.js';

/** The last stage of a search: candidates become hits. One whose row is gone by now is passed over. */
export function hydrate(candidates: readonly Candidate[], library: Library): Hit[] {
  return candidates.flatMap(({ id, ...scores }): Hit[] => {
    const item = library.item(id);
    return item ? [{ item, ...scores }] : [];
  });
}
