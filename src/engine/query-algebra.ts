/**
 * Several things asked for at once become one direction:
 *
 *     q = unit( Σ wᵢ·eᵢ − ½·Σ vⱼ·nⱼ )
 *
 * eᵢ are the embeddings of what is wanted with their weights wᵢ, nⱼ those of what is not, with weights vⱼ. Everything is a
 * dot product with one vector, so a query of many parts costs one search. What follows from the formula, and is tested:
 *
 * - multiplying all weights by one number changes nothing, nor does the order of the parts;
 * - a leave-out lowers the score of item x by ½·v·(n·x), so nothing is lowered more than the item most like n: it never
 *   gains a place by the leave-out, and the query itself never turns towards n.
 *
 * The half is chosen: at 1 a leave-out outweighs what was asked for, because two texts of one language are always somewhat
 * alike (cosines of 0.2 to 0.5 between unrelated captions are usual), and subtracting takes that shared part away too.
 */
import { unit } from '../core/embedding.js';
import { SightlineError } from '../core/errors.js';

export interface Weighted {
  readonly vector: Float32Array;
  readonly weight: number;
}

const LEAVE_OUT = 0.5;
/** A sum that is shorter than this cancelled itself out: its direction is noise. */
const SHORTEST = 1e-4;

function add(sum: Float64Array, { vector, weight }: Weighted, factor: number): void {
  for (let i = 0; i < sum.length; i++) sum[i] = (sum[i] as number) + factor * weight * (vector[i] as number);
}

/** @throws ERR_QUERY_EMPTY where the parts cancel each other out */
export function blend(wanted: readonly Weighted[], unwanted: readonly Weighted[] = []): Float32Array {
  const [first] = wanted;
  if (first === undefined) throw new RangeError('Expected at least one vector to blend but received none.');
  if (wanted.length === 1 && unwanted.length === 0) return first.vector;
  const sum = new Float64Array(first.vector.length);
  for (const part of wanted) add(sum, part, 1);
  for (const part of unwanted) add(sum, part, -LEAVE_OUT);
  const heaviest = Math.max(...[...wanted, ...unwanted].map(({ weight }) => weight));
  const scaled = Float32Array.from(sum, (value) => value / heaviest);
  if (Math.hypot(...scaled) < SHORTEST) {
    const message =
      'What is asked for and what is to be left out cancel each other out. Leave out less, or ask for more.';
    throw new SightlineError('ERR_QUERY_EMPTY', message);
  }
  return unit(scaled);
}
