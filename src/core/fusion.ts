/** How the fused mode's score and the similarity become one, and what that was measured to be worth. Kept with the model. */

export const SCORER_NAMES = ['match', 'caption', 'answer', 'interaction'] as const;
/** By which of its heads a model judges a pair of picture and text. */
export type ScorerName = (typeof SCORER_NAMES)[number];

/** What is looked for with what: pictures with a text, or texts with a picture. */
export const DIRECTIONS = ['textToImage', 'imageToText'] as const;
export type Direction = (typeof DIRECTIONS)[number];

export const DIRECTION_WORDS: Readonly<Record<Direction, string>> = {
  textToImage: 'text → image',
  imageToText: 'image → text',
};

/**
 * A pair's score is `(scale · (similarity − hubness · h) + weight · fused + bias) / temperature`: the log-odds that text and
 * picture belong together. `h` is how near the picture is to captions whatever they say.
 */
export interface PairWeights {
  readonly scale: number;
  /** How much of a picture's hubness is taken off its similarity; none where absent. */
  readonly hubness?: number | undefined;
  readonly weight: number;
  readonly bias: number;
  readonly temperature: number;
}

/**
 * Each direction has weights of its own: pictures for one text are told apart by how likely the text is of them, and texts for
 * one picture also by how likely they are of anything, which a scorer knows less well.
 */
export interface Fusion extends Readonly<Record<Direction, PairWeights>> {
  readonly scorer: ScorerName;
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

/** What is known of a pair of text and picture. */
export interface PairScores {
  readonly similarity: number;
  /** Of the picture; 0 where it is not known. */
  readonly hubness: number;
  readonly fused: number;
}

/** The similarity without what is owed to the picture being a hub. */
export function scaledSimilarity(
  share: number | undefined,
  { similarity, hubness }: Omit<PairScores, 'fused'>,
): number {
  return similarity - (share ?? 0) * hubness;
}

/** Log-odds that the pair belongs together. */
export function fusedLogit(weights: PairWeights, pair: PairScores): number {
  const { scale, weight, bias, temperature, hubness } = weights;
  return (scale * scaledSimilarity(hubness, pair) + weight * pair.fused + bias) / temperature;
}

/** Probability from log-odds. */
export function probability(logit: number): number {
  return 1 / (1 + Math.exp(-logit));
}
