/**
 * Whose seeds are whose. What a model learns from, what it is asked and what people look at must never be the same
 * picture, so each has a range of its own, and none of them ever
 * leaves it. The demo collection has the seeds from 1 on.
 */
const PROBES = 500_000_000;
const TRAINING = 1_000_000_000;

/** Most scenes that one training set may have, and most sets. */
export const TRAINING_SIZE: number = 1_000_000;
export const TRAINING_SETS: number = 1000;

export function probeSeed(index: number): number {
  return PROBES + index;
}

/** The seed of scene `index` of training set `set`. */
export function trainingSeed(set: number, index: number): number {
  return TRAINING + set * TRAINING_SIZE + index;
}
