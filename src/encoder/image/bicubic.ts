/**
 * Bicubic resampling as Pillow does it, to the bit: a = −0.5, the filter widened when shrinking, samples at pixel centres,
 * coefficients in fixed point, two passes (rows first) with 8 bits in between. libvips shrinks nearly the same way and much
 * faster, but enlarges with the corners of the pictures aligned, half a pixel off; so enlarging is done here.
 */
const A = -0.5;
const SUPPORT = 2;
/** Bits behind the point of a coefficient: 32 − 8 for the pixel − 2 for the sum of overshooting coefficients. */
const FRACTION_BITS = 22;

/** Weights of the source pixels from `first` on that make one target pixel. */
interface Window {
  readonly first: number;
  readonly weights: Int32Array;
}

function cubic(distance: number): number {
  const x = Math.abs(distance);
  if (x < 1) return ((A + 2) * x - (A + 3)) * x * x + 1;
  if (x < 2) return (((x - 5) * x + 8) * x - 4) * A;
  return 0;
}

function windows(from: number, to: number): Window[] {
  const scale = from / to;
  const stretch = Math.max(scale, 1);
  const support = SUPPORT * stretch;
  return Array.from({ length: to }, (_, target) => {
    const centre = (target + 0.5) * scale;
    const first = Math.max(0, Math.trunc(centre - support + 0.5));
    const end = Math.min(from, Math.trunc(centre + support + 0.5));
    const raw = Array.from({ length: end - first }, (__, i) => cubic((first + i - centre + 0.5) / stretch));
    const sum = raw.reduce((total, weight) => total + weight, 0);
    const fixed = raw.map((weight) => {
      const value = (weight / sum) * (1 << FRACTION_BITS);
      return Math.trunc(value < 0 ? value - 0.5 : value + 0.5);
    });
    return { first, weights: Int32Array.from(fixed) };
  });
}

/**
 * Resamples along one axis. A picture is seen as [outer, length, inner]: rows of a picture are [height, width, channels],
 * its columns [1, height, width · channels].
 */
function resampleAxis(
  pixels: Uint8Array,
  outer: number,
  from: number,
  to: number,
  inner: number,
): Uint8Array {
  if (from === to) return pixels;
  const result = new Uint8ClampedArray(outer * to * inner);
  const half = 1 << (FRACTION_BITS - 1);
  for (const [target, { first, weights }] of windows(from, to).entries()) {
    for (let o = 0; o < outer; o++) {
      for (let i = 0; i < inner; i++) {
        let sum = half;
        let source = (o * from + first) * inner + i;
        for (const weight of weights) {
          sum += (pixels[source] as number) * weight;
          source += inner;
        }
        result[(o * to + target) * inner + i] = sum >> FRACTION_BITS;
      }
    }
  }
  return new Uint8Array(result.buffer);
}

export interface RawImage {
  /** [height, width, channels], 8 bits. */
  readonly pixels: Uint8Array;
  readonly width: number;
  readonly height: number;
  readonly channels: 1 | 2 | 3 | 4;
}

/** The picture at another size. Costs about ten nanoseconds a target value and tap: meant for small pictures. */
export function resampleBicubic(
  { pixels, width, height, channels }: RawImage,
  toWidth: number,
  toHeight: number,
): Uint8Array {
  const rows = resampleAxis(pixels, height, width, toWidth, channels);
  return resampleAxis(rows, 1, height, toHeight, toWidth * channels);
}
