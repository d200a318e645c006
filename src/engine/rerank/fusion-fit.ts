/**
 * Fits the two weights and the calibration of a fusion on queries of one direction whose right answer is known.
 *
 * The weights are those of a conditional logit: the share of the right candidate among a query's candidates, softmax of
 * `scale · similarity + weight · fused`, its hubness taken off the similarity, is made as large as it can be, over all queries together. That is what a rerank
 * needs, the right one before the others of its list, and it is convex. A weight below zero is not believed: it is set to
 * zero and the other one fitted alone. What every candidate of a query has in common cancels out, so bias and temperature
 * come from a second fit, of the probability that a single pair belongs together (temperature scaling with a bias).
 */
import { type Fusion, type PairWeights, scaledSimilarity, type ScorerName } from '../../core/fusion.js';
import { type Curvature, minimum, type Parameters } from './newton.js';
import type { RerankQueries, RerankQuery } from './rerank-queries.js';

/**
 * The share of a picture's hubness that is taken off its similarity, as CSLS has it: between 0.4 and 0.6 nothing was better on
 * the development photos, and a share of its own would be one more number to fit.
 */
const HUBNESS = 0.5;

/** Similarity and fused score. */
type Features = Parameters;

interface Choice {
  readonly right: Features;
  readonly others: readonly Features[];
}

function* choicesOf(
  queries: readonly RerankQuery[],
  fused: readonly number[],
  share: number,
): Generator<Choice> {
  for (const { candidates } of queries) {
    const features = candidates.map(
      (one): Features => [scaledSimilarity(share, one), fused[one.pair] as number],
    );
    const others = features.filter((_, place) => !candidates[place]?.relevant);
    // Each right one against the wrong ones only: two right ones need not be told apart.
    for (const [place, { relevant }] of candidates.entries())
      if (relevant) yield { right: features[place] as Features, others };
  }
}

/** Minus the log-likelihood of the right choices at the weights (a, b). */
function choiceLoss(choices: readonly Choice[], [a, b]: Parameters): Curvature {
  let value = 0;
  const gradient: [number, number] = [0, 0];
  const hessian: [number, number, number] = [0, 0, 0];
  for (const { right, others } of choices) {
    const all = [right, ...others];
    const logits = all.map(([s, f]) => a * s + b * f);
    const most = Math.max(...logits);
    const shares = logits.map((logit) => Math.exp(logit - most));
    const total = shares.reduce((sum, share) => sum + share, 0);
    const mean: [number, number] = [0, 0];
    const square: [number, number, number] = [0, 0, 0];
    for (const [place, [s, f]] of all.entries()) {
      const share = (shares[place] as number) / total;
      mean[0] += share * s;
      mean[1] += share * f;
      square[0] += share * s * s;
      square[1] += share * s * f;
      square[2] += share * f * f;
    }
    value += most + Math.log(total) - (logits[0] as number);
    gradient[0] += mean[0] - right[0];
    gradient[1] += mean[1] - right[1];
    hessian[0] += square[0] - mean[0] * mean[0];
    hessian[1] += square[1] - mean[0] * mean[1];
    hessian[2] += square[2] - mean[1] * mean[1];
  }
  return { value, gradient, hessian };
}

/** The same with only one of the weights free. */
function alone(free: 0 | 1, choices: readonly Choice[]): number {
  const point = (value: number): Parameters => (free === 0 ? [value, 0] : [0, value]);
  const at = ([value]: Parameters): Curvature => {
    const loss = choiceLoss(choices, point(value));
    const curvature = loss.hessian[free === 0 ? 0 : 2];
    return { value: loss.value, gradient: [loss.gradient[free], 0], hessian: [curvature, 0, 1] };
  };
  return Math.max(0, minimum(at, [0, 0])[0]);
}

function weights(choices: readonly Choice[]): { scale: number; weight: number } {
  const [scale, weight] = minimum((point) => choiceLoss(choices, point), [0, 0]);
  if (weight <= 0) return { scale: alone(0, choices), weight: 0 };
  if (scale <= 0) return { scale: 0, weight: alone(1, choices) };
  return { scale, weight };
}

/** A pair's score before calibration, and whether it belongs together. */
export interface LabelledScore {
  readonly score: number;
  readonly relevant: boolean;
}

/** Slope and offset of the log-odds: p = 1 / (1 + exp(−(slope · score + offset))). */
function logisticLoss(pairs: readonly LabelledScore[], [slope, offset]: Parameters): Curvature {
  let value = 0;
  const gradient: [number, number] = [0, 0];
  const hessian: [number, number, number] = [0, 0, 0];
  for (const { score, relevant } of pairs) {
    const logit = slope * score + offset;
    const p = 1 / (1 + Math.exp(-logit));
    const error = p - (relevant ? 1 : 0);
    const curvature = p * (1 - p);
    // log(1 + exp(x)) without overflow.
    value += Math.max(logit, 0) + Math.log1p(Math.exp(-Math.abs(logit))) - (relevant ? logit : 0);
    gradient[0] += error * score;
    gradient[1] += error;
    hessian[0] += curvature * score * score;
    hessian[1] += curvature * score;
    hessian[2] += curvature;
  }
  return { value, gradient, hessian };
}

/** Where scores tell nothing, the temperature that makes everything equally likely would be endless. */
const LEAST_SLOPE = 1e-3;

/** Bias and temperature under which scores are log-odds. */
export function calibration(pairs: readonly LabelledScore[]): { bias: number; temperature: number } {
  // Around their mean: the two parameters then hardly depend on each other.
  const centre = pairs.reduce((sum, { score }) => sum + score, 0) / pairs.length;
  const centred = pairs.map(({ score, relevant }) => ({ score: score - centre, relevant }));
  const [slope, offset] = minimum((point) => logisticLoss(centred, point), [0, 0]);
  const temperature = 1 / Math.max(slope, LEAST_SLOPE);
  return { bias: offset * temperature - centre, temperature };
}

/** Scores of all candidates of all queries before calibration. */
function labelled(
  queries: readonly RerankQuery[],
  fused: readonly number[],
  { scale, weight, hubness }: Pick<PairWeights, 'scale' | 'weight' | 'hubness'>,
): LabelledScore[] {
  return queries.flatMap(({ candidates }) =>
    candidates.map((one) => ({
      score: scale * scaledSimilarity(hubness, one) + weight * (fused[one.pair] as number),
      relevant: one.relevant,
    })),
  );
}

function fitWeights(queries: readonly RerankQuery[], fused: readonly number[]): PairWeights {
  // What is the same for all candidates of a query tells none of them apart.
  const hubs = queries.some(({ candidates }) => candidates.some(({ hubness }) => hubness !== 0));
  const share = hubs ? { hubness: HUBNESS } : {};
  const found = { ...weights([...choicesOf(queries, fused, share.hubness ?? 0)]), ...share };
  return { ...found, ...calibration(labelled(queries, fused, found)) };
}

/** @param fused the scorer's score of each of the distinct pairs */
export function fitFusion(
  scorer: ScorerName,
  { textToImage, imageToText }: RerankQueries,
  fused: readonly number[],
): Fusion {
  return {
    scorer,
    textToImage: fitWeights(textToImage, fused),
    imageToText: fitWeights(imageToText, fused),
  };
}
