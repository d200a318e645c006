/** A search as a stream: what was found, and then the order in which the fused encoder puts it. */
import { z } from 'zod';
import type { SearchResult } from '../core/query.js';
import { type SearchAnswer, searchAnswer, searchSchema } from './search-schemas.js';

export interface SearchStage {
  readonly stage: 'candidates' | 'final';
  readonly answer: SearchAnswer;
}

export const searchStageSchema: z.ZodType<SearchStage> = z
  .strictObject({ stage: z.enum(['candidates', 'final']), answer: searchSchema })
  .meta({ id: 'SearchStage' });

/**
 * Resolves when there is a first stage to tell, and rejects where the search is refused before it: a refusal is then an answer
 * of its own and not the end of a stream.
 */
export async function searchStages(
  search: (onCandidates: (answer: SearchResult) => void) => Promise<SearchResult>,
): Promise<AsyncIterable<SearchStage>> {
  return new Promise((resolve, reject) => {
    const final = search((candidates) => resolve(stagesOf(final, candidates)));
    // Neither changes anything where the candidates came first.
    final.then(() => resolve(stagesOf(final)), reject);
  });
}

async function* stagesOf(
  final: Promise<SearchResult>,
  candidates?: SearchResult,
): AsyncGenerator<SearchStage> {
  if (candidates) yield { stage: 'candidates', answer: searchAnswer(candidates) };
  yield { stage: 'final', answer: searchAnswer(await final) };
}
