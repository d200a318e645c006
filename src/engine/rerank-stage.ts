import type { RerankOptions, RerankReport } from '../core/query.js';
import type { Candidate } from './candidates.js';

export interface RerankRequest {
  /** The texts of the query; where there are none there is nothing to read together with a picture. */
  readonly texts: readonly string[];
  /** Best first. The stage may put them into another order, and gives each its `fusedScore` and `rank`. */
  readonly candidates: readonly Candidate[];
  /** What was asked for; undefined leaves it to the model's default. */
  readonly asked: boolean | RerankOptions | undefined;
  readonly signal: AbortSignal | undefined;
}

/** The third stage of a search: the fused encoder reads query and candidates together and puts the best in order. */
export interface RerankStage {
  /** How many candidates it wants to see for this request; 0 where it will not read any. */
  depth(request: Omit<RerankRequest, 'candidates'>): number;
  rerank(request: RerankRequest): Promise<{ candidates: readonly Candidate[]; report: RerankReport | null }>;
}
