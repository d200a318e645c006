import type { ItemId, ItemKind } from '../core/item.js';
import type { RerankOptions, RerankReport } from '../core/query.js';
import type { Candidate } from './candidates.js';
import type { ForeignPicture } from './rerank/photo-pixels.js';

/** What candidates are read together with. */
export interface RerankSubject {
  /** Of the candidates: words are read with photos, pictures with captions. */
  readonly kind: ItemKind;
  /** The texts of the query, without those to be left out. */
  readonly texts: readonly string[];
  /** Texts of what should not be there. */
  readonly unwanted: readonly string[];
  readonly pictures: readonly ForeignPicture[];
  /** Items that the query names. */
  readonly itemIds: readonly ItemId[];
}

export interface RerankRequest {
  readonly subject: RerankSubject;
  /** What was asked for; undefined leaves it to the model's default. */
  readonly asked: boolean | RerankOptions | undefined;
  readonly signal: AbortSignal | undefined;
}

/** The third stage of a search: the fused encoder reads query and candidates together and puts the best in order. */
export interface RerankStage {
  /** How many candidates it wants to see for this request; 0 where it will not read any. */
  depth(request: RerankRequest): number;
  /** Why it will not read any, where that is worth a word. */
  whyNot(request: RerankRequest): RerankReport | null;
  /** The part of a text that photos are looked for by: what must not be there is left to the reading. */
  positive(text: string): string;
  /** @param candidates best first */
  rerank(
    request: RerankRequest,
    candidates: readonly Candidate[],
  ): Promise<{ readonly candidates: readonly Candidate[]; readonly report: RerankReport }>;
}
