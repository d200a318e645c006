import type { ItemKind } from '../core/item.js';
import type { Library } from '../index/mod.js';
import type { Candidate, Candidates } from './candidates.js';
import type { QueryEmbedding } from './query-embedding.js';

/** The items nearest to a query, without those that it names itself: an item is always most like itself. */
export function vectorCandidates(
  library: Library,
  kind: ItemKind,
  { vector, itemIds }: QueryEmbedding,
  wanted: number,
): Candidates {
  const neighbours = library.search(kind, vector, wanted + itemIds.length);
  const list = neighbours
    .filter(({ id }) => !itemIds.includes(id))
    .map(({ id, similarity }): Candidate => {
      return { id, score: similarity, similarity, fusedScore: null, confidence: null, words: 'none' };
    });
  const plan = { mode: 'semantic', vectors: 'graph', matching: null, examined: neighbours.length } as const;
  return { list, plan, cutoff: null };
}
