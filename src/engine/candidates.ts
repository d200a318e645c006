/** The second stage of a search: what may be among the hits, best first, before the fused mode and before any row is read. */
import type { ItemId } from '../core/item.js';
import type { Cutoff, Hit, SearchPlan } from '../core/query.js';

export interface Candidate extends Omit<Hit, 'item'> {
  readonly id: ItemId;
}

export interface Candidates {
  /** Best first. The first n are the same however many were asked for. */
  readonly list: readonly Candidate[];
  readonly plan: SearchPlan;
  readonly cutoff: Cutoff | null;
}
