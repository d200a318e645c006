/**
 * Two rankings in one: reciprocal rank fusion (Cormack, Clarke and Büttcher 2009). Similarities and bm25 weights live on
 * scales that cannot be compared, but places can:
 *
 *     score = Σ over rankings of  weight / (60 + place)
 *
 * and divided by what the first place in both would give, so that 1 is the best there is. An item that one ranking lacks gets
 * nothing from it. Words weigh half as much as vectors, but an item that holds every word of the query counts as if both
 * rankings had it there: whoever types a name that is written on a photo wants that photo.
 */
import { byScore } from '../core/top-k.js';
import type { ItemId } from '../core/item.js';

const K = 60;
export const VECTOR_WEIGHT = 1;
export const WORD_WEIGHT = 0.5;
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
