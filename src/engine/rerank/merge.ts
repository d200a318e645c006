/**
 * What the fused mode read, merged with what it did not.
 *
 * Candidates that were read stand first, in the order of the log-odds that they belong to the query (core/fusion.ts). Those
 * that were not, because time was up or the depth reached, follow in the order they came in. Their score is on the same
 * scale: they are taken to fit as badly as the worst that was read, to be hubs as those are, and never better than who stands before them. So scores
 * fall from the first hit to the last, whichever way each came about.
 */
import { fusedLogit, type PairWeights, probability } from '../../core/fusion.js';
import type { Candidate } from '../candidates.js';

/** A candidate, and what the fused mode gave it; undefined where it was not read. */
export interface Reading {
  readonly candidate: Candidate;
  /** Of the candidate's picture; 0 where it was not read. */
  readonly hubness: number;
  readonly fused: number | undefined;
}

/** @param calibrated whether the log-odds were fitted; only then is there a probability to tell */
export function merged(readings: readonly Reading[], weights: PairWeights, calibrated: boolean): Candidate[] {
  const read: Candidate[] = [];
  const unread: Candidate[] = [];
  let worst = Infinity;
  let hubnesses = 0;
  for (const [place, { candidate, hubness, fused }] of readings.entries()) {
    if (fused === undefined) {
      unread.push(candidate);
      continue;
    }
    worst = Math.min(worst, fused);
    hubnesses += hubness;
    const score = fusedLogit(weights, { similarity: candidate.similarity, hubness, fused });
    const confidence = calibrated ? probability(score) : candidate.confidence;
    read.push({
      ...candidate,
      score,
      fusedScore: fused,
      confidence,
      rank: { candidate: place + 1, final: 0 },
    });
  }
  if (read.length === 0) return unread;
  // Stable: equals keep the order they came in.
  const ordered = read
    .toSorted((a, b) => b.score - a.score)
    .map((candidate, place): Candidate => {
      return { ...candidate, rank: { candidate: candidate.rank?.candidate ?? 0, final: place + 1 } };
    });
  let least = ordered.at(-1)?.score ?? 0;
  const usual = { hubness: hubnesses / read.length, fused: worst };
  const rest = unread.map((candidate) => {
    least = Math.min(least, fusedLogit(weights, { ...usual, similarity: candidate.similarity }));
    return { ...candidate, score: least };
  });
  return [...ordered, ...rest];
}
