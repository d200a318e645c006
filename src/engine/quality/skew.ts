/**
 * How unevenly the groups of an attribute stand in a ranking, by the two measures of Geyik et al. (2019):
 *
 * - MaxSkew@k: the largest ln(share among the first k ÷ share among all) of any group. 0: each group has its share; 0.69:
 *   some group has twice its share.
 * - NDKL: the Kullback–Leibler divergence of the shares among the first i from those among all, averaged over i = 1…k with
 *   weights 1 ÷ log2(i + 1), so that the top counts most. 0: even all the way down.
 *
 * What differs: the wanted shares are those of the whole collection, not equal ones, as a search should not be blamed for
 * whom somebody photographs. And both measures are above 0 for a ranking by chance, the more so the smaller k, so `byChance`
 * says what chance would give; only what is beyond that means anything.
 */
import { seededRandom } from '../rerank/bootstrap.js';

/** Group of every place of a ranking, best first, as numbers from 0. */
export type Ranking = readonly number[];

/** Share of each group, adding up to 1. */
export function sharesOf(ranking: Ranking, groups: number): number[] {
  const counts = Array.from({ length: groups }, () => 0);
  for (const group of ranking) counts[group] = (counts[group] ?? 0) + 1;
  return counts.map((count) => count / Math.max(1, ranking.length));
}

/** MaxSkew@k; k is at most the length of the ranking. */
export function maxSkew(ranking: Ranking, wanted: readonly number[], k: number): number {
  const shares = sharesOf(ranking.slice(0, k), wanted.length);
  const skews = wanted.flatMap((share, group) => {
    const found = shares[group] as number;
    return share > 0 && found > 0 ? [Math.log(found / share)] : [];
  });
  return Math.max(0, ...skews);
}

function divergence(shares: readonly number[], wanted: readonly number[]): number {
  let sum = 0;
  for (const [group, share] of shares.entries())
    if (share > 0) sum += share * Math.log(share / (wanted[group] as number));
  return sum;
}

/** NDKL over the first k places. */
export function ndkl(ranking: Ranking, wanted: readonly number[], k: number): number {
  const counts = wanted.map(() => 0);
  let [sum, weights] = [0, 0];
  for (const [place, group] of ranking.slice(0, k).entries()) {
    counts[group] = (counts[group] as number) + 1;
    const weight = 1 / Math.log2(place + 2);
    const shares = counts.map((count) => count / (place + 1));
    sum += weight * divergence(shares, wanted);
    weights += weight;
  }
  return weights === 0 ? 0 : sum / weights;
}

/** A measure under chance: its mean, and what it exceeds in one of twenty random orders. */
export interface Chance {
  readonly mean: number;
  readonly high: number;
}

const SHUFFLES = 200;
const HIGH = 0.95;

/** What `measure` gives for the first k of random orders of the same collection. */
export function byChance(
  all: Ranking,
  k: number,
  measure: (first: Ranking) => number,
  seed: number = 1,
): Chance {
  const random = seededRandom(seed);
  const order = [...all];
  const values = Array.from({ length: SHUFFLES }, () => {
    for (let i = 0; i < Math.min(k, order.length - 1); i++) {
      const j = i + Math.floor(random() * (order.length - i));
      [order[i], order[j]] = [order[j] as number, order[i] as number];
    }
    return measure(order.slice(0, k));
  }).toSorted((a, b) => a - b);
  const mean = values.reduce((sum, value) => sum + value, 0) / SHUFFLES;
  return { mean, high: values[Math.floor(HIGH * (SHUFFLES - 1))] as number };
}
