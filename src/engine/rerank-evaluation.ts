/**
 * What the fused mode makes of the dual encoder's best R candidates, in both directions. A pair of picture and caption may
 * be a candidate in one direction and not in the other, so each direction has its own table; the pair is scored once.
 */
import { byScore } from '../core/top-k.js';
import { type RetrievalMetrics, retrievalMetrics, type ScoreTable } from './retrieval-metrics.js';

export interface Pair {
  readonly image: number;
  readonly caption: number;
}

export interface Candidates {
  /** For every caption, its best R images. */
  readonly images: readonly Pair[];
  /** For every image, its best R captions. */
  readonly captions: readonly Pair[];
}

/** Similarities are at most 1: whatever was reranked stands above what was not. */
const ABOVE_ALL = 2;

const keyOf = ({ image, caption }: Pair, captions: number): number => image * captions + caption;

function best(scores: ArrayLike<number>, depth: number): number[] {
  return Array.from(scores, (score, id) => ({ id, score }))
    .toSorted(byScore)
    .slice(0, depth)
    .map(({ id }) => id);
}

const counted = (length: number): number[] => Array.from({ length }, (_, index) => index);

export function rerankCandidates({ images, captions, scores }: ScoreTable, depth: number): Candidates {
  const column = (caption: number): number[] =>
    Array.from({ length: images }, (_, image) => scores[image * captions + caption] as number);
  const row = (image: number): Float32Array => scores.subarray(image * captions, (image + 1) * captions);
  return {
    images: counted(captions).flatMap((caption) =>
      best(column(caption), depth).map((image) => ({ image, caption })),
    ),
    captions: counted(images).flatMap((image) =>
      best(row(image), depth).map((caption) => ({ image, caption })),
    ),
  };
}

/** The pairs of both directions, each once. */
export function distinctPairs(candidates: Candidates, captions: number): Pair[] {
  const all = [...candidates.images, ...candidates.captions];
  return [...new Map(all.map((pair) => [keyOf(pair, captions), pair])).values()];
}

/** Puts these pairs above all others, in the order of their match scores. */
function lifted(table: ScoreTable, pairs: readonly Pair[], matches: ReadonlyMap<number, number>): ScoreTable {
  const scores = table.scores.slice();
  const ordered = pairs
    .map((pair) => keyOf(pair, table.captions))
    .toSorted((a, b) => (matches.get(a) ?? 0) - (matches.get(b) ?? 0));
  // Places instead of the scores themselves: float32 would make equals of the surest ones.
  for (const [place, key] of ordered.entries()) scores[key] = ABOVE_ALL + place / ordered.length;
  return { ...table, scores };
}

/** @param matches log-odds of a match for each of the distinct pairs, in their order */
export function rerankedMetrics(
  table: ScoreTable,
  candidates: Candidates,
  pairs: readonly Pair[],
  matches: readonly number[],
): RetrievalMetrics {
  const byKey = new Map(pairs.map((pair, i) => [keyOf(pair, table.captions), matches[i] as number]));
  return {
    textToImage: retrievalMetrics(lifted(table, candidates.images, byKey)).textToImage,
    imageToText: retrievalMetrics(lifted(table, candidates.captions, byKey)).imageToText,
  };
}
