/**
 * Position rows for pictures of another size than the checkpoint was trained with. The rows of the patches are seen as a
 * square picture of D channels and resized by cubic convolution, as torch does it with `mode='bicubic'`,
 * `align_corners=False`, `antialias=False`:
 *
 * - a = −0.75, where image libraries have −0.5;
 * - samples lie at half-pixel centres, (i + 0.5) · from / to − 0.5;
 * - coordinates beyond an edge read the edge;
 * - the kernel never widens, not even when the grid shrinks.
 *
 * What differs from the official code: sums are taken in 64 bits, one axis after the other, and rounded once at the end.
 * That is nearer to the exact value than torch's 32-bit sums, and within 2e-6 of them.
 */
import { UNUSED_POSITIONS } from './architecture.js';

const SHARPNESS = -0.75;
const TAPS = 4;

/** The two unused rows and the class token's, which have no place on the grid. */
const ROWS_BEFORE_GRID = UNUSED_POSITIONS + 1;

/** Weights of the four neighbours of a sample that lies `t` (0…1) behind the second of them. */
function cubicWeights(t: number): number[] {
  const a = SHARPNESS;
  const near = (x: number): number => ((a + 2) * x - (a + 3)) * x * x + 1;
  const far = (x: number): number => ((a * x - 5 * a) * x + 8 * a) * x - 4 * a;
  return [far(t + 1), near(t), near(1 - t), far(2 - t)];
}

interface Sample {
  readonly from: readonly number[];
  readonly weights: readonly number[];
}

function samples(from: number, to: number): Sample[] {
  return Array.from({ length: to }, (_, i) => {
    const centre = ((i + 0.5) * from) / to - 0.5;
    const base = Math.floor(centre);
    return {
      from: Array.from({ length: TAPS }, (_unused, tap) => Math.min(from - 1, Math.max(0, base + tap - 1))),
      weights: cubicWeights(centre - base),
    };
  });
}

/** Resizes the first axis of [from, inner], read from `source` and given as 64-bit floats. */
function resized(source: ArrayLike<number>, from: number, inner: number, to: number): Float64Array {
  const result = new Float64Array(to * inner);
  for (const [row, sample] of samples(from, to).entries()) {
    for (let tap = 0; tap < TAPS; tap++) {
      const start = (sample.from[tap] as number) * inner;
      const weight = sample.weights[tap] as number;
      for (let i = 0; i < inner; i++)
        result[row * inner + i] =
          (result[row * inner + i] as number) + weight * (source[start + i] as number);
    }
  }
  return result;
}

/** Rows as in a checkpoint, [3 + from², width], for a grid of `to` by `to` patches. The same array where nothing changes. */
export function resizePositionRows(
  rows: Float32Array,
  width: number,
  from: number,
  to: number,
): Float32Array {
  if (from === to) return rows;
  const head = rows.subarray(0, ROWS_BEFORE_GRID * width);
  const tall = resized(rows.subarray(head.length), from, from * width, to);
  const result = new Float32Array(head.length + to * to * width);
  result.set(head);
  for (let row = 0; row < to; row++) {
    const line = tall.subarray(row * from * width, (row + 1) * from * width);
    result.set(resized(line, from, width, to), head.length + row * to * width);
  }
  return result;
}
