/** Vectors that lie as those of photos do: real ones with noise around them, so that there are clusters and queries are apart. */
import { unit } from '../src/core/embedding.js';

/** Length of the noise beside a vector of length 1: a cosine of about 0.86 to the photo it came from. */
const NOISE = 0.6;

/** Numbers in [0, 1) that are the same for the same seed (mulberry32). */
function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** A normal number with variance 1 (Box and Muller). */
function normalFrom(random: () => number): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

export function syntheticVectors(
  seeds: readonly Float32Array[],
  count: number,
  seed: number,
): Float32Array[] {
  const random = randomFrom(seed);
  return Array.from({ length: count }, () => {
    const centre = seeds[Math.floor(random() * seeds.length)] as Float32Array;
    const scale = NOISE / Math.sqrt(centre.length);
    return unit(centre.map((value) => value + scale * normalFrom(random)));
  });
}
