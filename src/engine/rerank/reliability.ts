/** Whether "70 percent sure" is right in 70 of 100 cases. */

export interface Judgement {
  /** 0…1. */
  readonly confidence: number;
  readonly relevant: boolean;
}

export interface ReliabilityBin {
  /** Of the judgements in the bin. */
  readonly confidence: number;
  /** The share of them that were right. */
  readonly share: number;
  readonly count: number;
}

export interface Reliability {
  /** Expected calibration error, 0…1: the mean distance of the two, weighted by the bins' sizes. */
  readonly error: number;
  readonly bins: readonly ReliabilityBin[];
}

const BINS = 15;

/** Bins of equal width; empty ones are left out. */
export function reliability(judgements: readonly Judgement[]): Reliability {
  const sums = Array.from({ length: BINS }, () => ({ confidence: 0, right: 0, count: 0 }));
  for (const { confidence, relevant } of judgements) {
    const bin = sums[Math.min(BINS - 1, Math.floor(confidence * BINS))];
    if (bin === undefined) continue;
    bin.confidence += confidence;
    bin.right += relevant ? 1 : 0;
    bin.count++;
  }
  const bins = sums
    .filter(({ count }) => count > 0)
    .map(({ confidence, right, count }) => ({ confidence: confidence / count, share: right / count, count }));
  const error = bins.reduce(
    (sum, { confidence, share, count }) => sum + (count / judgements.length) * Math.abs(confidence - share),
    0,
  );
  return { error, bins };
}
