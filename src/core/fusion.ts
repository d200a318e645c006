/** How the fused mode's score and the similarity become one, and what that was measured to be worth. Kept with the model. */

export const SCORER_NAMES = ['match', 'caption', 'answer', 'interaction'] as const;
/** By which of its heads a model judges a pair of picture and text. */
export type ScorerName = (typeof SCORER_NAMES)[number];

/**
 * A pair's score is `(scale · similarity + weight · fused + bias) / temperature`: the log-odds that text and picture belong
 * together.
 */
export interface Fusion {
  readonly scorer: ScorerName;
  readonly scale: number;
  readonly weight: number;
  readonly bias: number;
  readonly temperature: number;
}

/** Retrieval R@1 in percent, before and after the rerank, on queries that were not fitted on. */
export interface DirectionLift {
  readonly before: number;
  readonly after: number;
  /** 95 % interval of after − before, in points, from resampled queries. */
  readonly low: number;
  readonly high: number;
}

export interface Lift {
  /** What it was measured on, in words. */
  readonly data: string;
  readonly depth: number;
  readonly textToImage: DirectionLift;
  readonly imageToText: DirectionLift;
  /** Expected calibration error of the confidence, 0…1. */
  readonly calibrationError: number;
}

/** Log-odds that the pair belongs together. */
export function fusedLogit(fusion: Fusion, similarity: number, fused: number): number {
  const { scale, weight, bias, temperature } = fusion;
  return (scale * similarity + weight * fused + bias) / temperature;
}

/** Probability from log-odds. */
export function probability(logit: number): number {
  return 1 / (1 + Math.exp(-logit));
}
