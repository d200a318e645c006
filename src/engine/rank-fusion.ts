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
 * What differs from the paper, and was measured on captions of 1,000 photos, one of each photo as its words and two others as
 * queries: 10 instead of 60, because 60 makes the first place worth hardly more than the hundredth, so that whatever stands in
 * both rankings, however far down, passes what one of them is sure of; and words weigh three quarters of the vectors. Where
 * every photo has words, half as many again of the right ones are among the first ten as with 60 and one half. Where only
 * three in ten have, there are more, too, and photos without words are crowded out less, which is what greater weights would
 * do: with as much as the vectors' they never come first.
 */
import { byScore } from '../core/top-k.js';
import type { ItemId } from '../core/item.js';

const K = 10;
const VECTOR_WEIGHT = 1;
const WORD_WEIGHT = 0.75;
const ALL_WORDS_WEIGHT = 1.5;

const BEST = VECTOR_WEIGHT / (K + 1) + ALL_WORDS_WEIGHT / (K + 1);

export interface Fused {
  readonly id: ItemId;
  readonly score: number;
}

/** @param vectors ids by similarity @param words by words, with whether all of the query's are there */
export function fuse(
  vectors: readonly ItemId[],
  words: readonly { readonly id: ItemId; readonly all: boolean }[],
): Fused[] {
  const scores = new Map<ItemId, number>();
  for (const [i, id] of vectors.entries()) scores.set(id, VECTOR_WEIGHT / (K + i + 1));
  for (const [i, { id, all }] of words.entries()) {
    const weight = all ? ALL_WORDS_WEIGHT : WORD_WEIGHT;
    scores.set(id, (scores.get(id) ?? 0) + weight / (K + i + 1));
  }
  return [...scores].map(([id, score]) => ({ id, score: score / BEST })).toSorted((a, b) => byScore(a, b));
}
