/**
 * Two rankings in one: reciprocal rank fusion (Cormack, Clarke and Büttcher 2009). Similarities and bm25 weights live on
 * scales that cannot be compared, but places can:
 *
 *     score = Σ over rankings of  weight / (10 + place)
 *
 * and divided by what the first place in both would give, so that 1 is the best there is. An item that one ranking lacks gets
 * nothing from it. An item that holds every word of the query counts as if both rankings had it there: whoever types a name
 * that is written on a photo wants that photo.
 *
 * What differs from the paper, and was measured (bench/fusion) on captions of 1,000 photos, one of each photo as its words and
 * two others as queries: 10 instead of 60, because 60 makes the first place worth hardly more than the hundredth, so that
 * whatever stands in both rankings, however far down, passes what one of them is sure of; and words weigh three quarters of the
 * vectors. Where every photo has words, half as many again of the right ones are among the first ten as with 60 and one half.
 * Where only three in ten have, there are more, too, and photos without words are crowded out less, which is what greater
 * weights would do: with as much as the vectors' they never come first.
 */
import { byScore } from '../core/top-k.js';
import type { ItemId } from '../core/item.js';

export interface FusionWeights {
  /** Added to every place: the larger, the less the first places are worth beside the others. */
  readonly k: number;
  /** Of words, beside vectors with 1. */
  readonly words: number;
  /** Of words that hold all of the query's. */
  readonly allWords: number;
}

export const FUSION_WEIGHTS: FusionWeights = { k: 10, words: 0.75, allWords: 1.5 };

export interface Fused {
  readonly id: ItemId;
  readonly score: number;
}

/** @param vectors ids by similarity @param words by words, with whether all of the query's are there */
export function fuse(
  vectors: readonly ItemId[],
  words: readonly { readonly id: ItemId; readonly all: boolean }[],
  { k, words: someWords, allWords }: FusionWeights = FUSION_WEIGHTS,
): Fused[] {
  const scores = new Map<ItemId, number>();
  for (const [i, id] of vectors.entries()) scores.set(id, 1 / (k + i + 1));
  for (const [i, { id, all }] of words.entries()) {
    const weight = all ? allWords : someWords;
    scores.set(id, (scores.get(id) ?? 0) + weight / (k + i + 1));
  }
  const best = (1 + allWords) / (k + 1);
  return [...scores].map(([id, score]) => ({ id, score: score / best })).toSorted((a, b) => byScore(a, b));
}
