import type { Hit } from '../core/query.js';
import type { Library } from '../index/mod.js';
import type { Candidate } from './candidates.js';

/** The last stage of a search: candidates become hits. One whose row is gone by now is passed over. */
export function hydrate(candidates: readonly Candidate[], library: Library): Hit[] {
  const items = library.items.of(candidates.map(({ id }) => id));
  const hits: Hit[] = [];
  for (const { id, score, similarity, fusedScore, confidence, words, rank } of candidates) {
    const item = items.get(id);
    if (item === undefined) continue;
    hits.push({ item, score, similarity, fusedScore, confidence, words, ...(rank && { rank }) });
  }
  return hits;
}
