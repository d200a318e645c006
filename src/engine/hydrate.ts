import type { Hit } from '../core/query.js';
import type { Library } from '../index/mod.js';
import type { Candidate } from './candidates.js';

/** The last stage of a search: candidates become hits. One whose row is gone by now is passed over. */
export function hydrate(candidates: readonly Candidate[], library: Library): Hit[] {
  const items = library.items.of(candidates.map(({ id }) => id));
  return candidates.flatMap(({ id, ...scores }): Hit[] => {
    const item = items.get(id);
    return item ? [{ item, ...scores }] : [];
  });
}
