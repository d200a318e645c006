/**
 * How likely a hit is what was asked for, and where an answer should end.
 *
 * A fixed similarity is no threshold: one query has its best hits at 0.9 and noise from 0.8, for another 0.5 is outstanding.
 * So each query is compared with the whole library. A sample of it (1,024 items, the same for all queries) gives the
 * distribution of similarities to this query, and of that only the lower half is used: median and 16th percentile, because
 * whatever is relevant lies above and must not count as background. The lower half, mirrored, is the distribution that chance
 * alone would have made (an empirical null, Efron 2004), taken as normal after Fisher's transform atanh(similarity), which
 * undoes the crowding of cosines near 1.
 *
 * From it follows how many of the N items chance would put at or above a similarity s. How many really are there is known
 * from the ranking, and further down from the sample. One minus their ratio is the share that chance does not explain, the
 * tail-area false discovery rate of Benjamini and Hochberg turned round:
 *
 *     confidence(s) = max over t ≤ s of  1 − min(1, N · (1 − Φ(z(t))) / #{items at or above t})
 *
 * What differs from a threshold on the best hit alone (the extreme value of N chance draws): a query with hundreds of right
 * answers is not punished for having a large library, since they are many more than chance would make. Where the model cannot
 * separate, the two distributions are one, and confidence says little: bench/cutoff shows what it is worth for a model.
 */
import { dotAt } from '../core/embedding.js';
import type { ItemKind } from '../core/item.js';
import type { Library } from '../index/mod.js';

const SAMPLE = 1024;
/** With fewer items nobody can tell background from answers. */
export const LEAST_ITEMS = 64;
/** A sample is drawn anew when the library has grown or shrunk by this share since. */
const STALE = 0.2;
/** The z-value of the 16th percentile. */
const LOWER_SHARE = 0.16;
const LOWER_Z = 0.9945;
/** Beyond this, float32 similarities are 1. */
const CLOSEST = 1 - 1e-6;

/** Chosen from the curve of bench/cutoff: what is right must stay, even if that lets more through. */
export const CUTOFF_CONFIDENCE = 0.5;

export type Judge = (similarity: number) => number;

interface Sample {
  readonly of: number;
  readonly rows: Float32Array;
  readonly count: number;
}

interface Compared {
  readonly sample: Sample;
  readonly similarities: Float64Array;
}

/** P(Z > z) of the normal distribution; absolute error below 1.5e-7 (Abramowitz and Stegun 7.1.26). */
export function upperTail(z: number): number {
  const x = Math.abs(z) / Math.SQRT2;
  const t = 1 / (1 + 0.327_591_1 * x);
  const polynomial =
    t *
    (0.254_829_592 + t * (-0.284_496_736 + t * (1.421_413_741 + t * (-1.453_152_027 + t * 1.061_405_429))));
  const half = 0.5 * polynomial * Math.exp(-x * x);
  return z >= 0 ? half : 1 - half;
}

const fisher = (similarity: number): number => Math.atanh(Math.max(-CLOSEST, Math.min(CLOSEST, similarity)));

function quantile(ascending: Float64Array, share: number): number {
  return ascending[Math.round(share * (ascending.length - 1))] as number;
}

/**
 * @param sample similarities of the library's sample to the query
 * @param best similarities of the best items, descending
 * @param population how many items the best are the best of
 */
export function judgeOf(sample: Float64Array, best: readonly number[], population: number): Judge {
  const ascending = sample.toSorted();
  const median = fisher(quantile(ascending, 0.5));
  const scale = Math.max((median - fisher(quantile(ascending, LOWER_SHARE))) / LOWER_Z, 1e-6);
  // A step function: thresholds, ascending, and the best confidence of any of them up to each.
  const lowest = best.at(-1) ?? Number.POSITIVE_INFINITY;
  const size = ascending.length;
  const thresholds = new Float64Array(size + best.length);
  const confidences = new Float64Array(size + best.length);
  let steps = 0;
  let highest = 0;
  const step = (at: number, count: number): void => {
    const byChance = population * upperTail((fisher(at) - median) / scale);
    highest = Math.max(highest, 1 - Math.min(1, byChance / count));
    thresholds[steps] = at;
    confidences[steps++] = highest;
  };
  for (let i = 0; i < size && (ascending[i] as number) < lowest; i++)
    step(ascending[i] as number, (population * (size - i)) / size);
  for (let i = best.length - 1; i >= 0; i--) step(best[i] as number, i + 1);
  return (similarity) => {
    let low = 0;
    let high = steps;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((thresholds[middle] as number) <= similarity) low = middle + 1;
      else high = middle;
    }
    return low === 0 ? 0 : (confidences[low - 1] as number);
  };
}

/** The samples of one library. */
export class Background {
  readonly #library: Library;
  readonly #samples = new Map<ItemKind, Sample>();
  /** Of queries whose vector somebody still has: a text that was asked lately is compared once. */
  readonly #compared = new WeakMap<Float32Array, Compared>();

  constructor(library: Library) {
    this.#library = library;
  }

  /** Undefined where the library is too small to tell. */
  judge(kind: ItemKind, query: Float32Array, best: readonly number[], population: number): Judge | undefined {
    const sample = this.#sample(kind, query.length);
    if (sample === undefined || best.length === 0) return undefined;
    return judgeOf(this.#similarities(sample, query), best, population);
  }

  #similarities(sample: Sample, query: Float32Array): Float64Array {
    const known = this.#compared.get(query);
    if (known?.sample === sample) return known.similarities;
    const similarities = new Float64Array(sample.count);
    for (let row = 0; row < sample.count; row++)
      similarities[row] = dotAt(query, sample.rows, row * query.length);
    this.#compared.set(query, { sample, similarities });
    return similarities;
  }

  #sample(kind: ItemKind, dimensions: number): Sample | undefined {
    const of = this.#library.searchable(kind);
    if (of < LEAST_ITEMS) return undefined;
    const known = this.#samples.get(kind);
    if (
      known &&
      Math.abs(of - known.of) <= STALE * known.of &&
      known.rows.length === known.count * dimensions
    )
      return known;
    const drawn = this.#library.sample(kind, SAMPLE);
    if (drawn.length < LEAST_ITEMS / 2) return undefined;
    const rows = new Float32Array(drawn.length * dimensions);
    for (const [i, { vector }] of drawn.entries()) rows.set(vector, i * dimensions);
    const sample = { of, rows, count: drawn.length };
    this.#samples.set(kind, sample);
    return sample;
  }
}
