/**
 * 16-bit floats as bit patterns: IEEE 754 binary16 ("half": 5 bits of exponent, 10 of fraction) and bfloat16, the upper half
 * of a binary32.
 *
 * Widening is exact, so it works on bits throughout: subnormals become the normal numbers that they are in 32 bits, and
 * infinities, signed zeros and the payloads of NaNs survive. Narrowing rounds to nearest, ties to even.
 */
const EXPONENT_SHIFT = 23 - 10;
/** Difference of the exponents' biases, 127 − 15. */
const REBIAS = 112;

/** Bits of a binary16 → bits of the binary32 of the same value. */
function widenBits(half: number): number {
  const sign = (half & 0x8000) << 16;
  const exponent = (half >> 10) & 0x1f;
  const fraction = half & 0x3ff;
  if (exponent === 0x1f) return sign | 0x7f800000 | (fraction << EXPONENT_SHIFT);
  if (exponent > 0) return sign | ((exponent + REBIAS) << 23) | (fraction << EXPONENT_SHIFT);
  if (fraction === 0) return sign;
  // A subnormal: its leading one moves up to where a normal number has it implied.
  const shift = Math.clz32(fraction) - 21;
  return sign | ((REBIAS + 1 - shift) << 23) | (((fraction << shift) & 0x3ff) << EXPONENT_SHIFT);
}

/** Bits of a binary32 → bits of the nearest binary16. */
function narrowBits(single: number): number {
  const sign = (single >>> 16) & 0x8000;
  const magnitude = single & 0x7fffffff;
  // A NaN stays one, though the bits that say so may all be among those cut off.
  if (magnitude > 0x7f800000) return sign | 0x7e00 | ((magnitude >>> EXPONENT_SHIFT) & 0x3ff);
  const exponent = magnitude >>> 23;
  if (exponent > REBIAS) {
    const rounded = roundedShift(magnitude - (REBIAS << 23), EXPONENT_SHIFT);
    return sign | Math.min(rounded, 0x7c00);
  }
  // Below half of the smallest subnormal, 2^-25, nothing is left.
  const shift = 126 - exponent;
  return shift > 24 ? sign : sign | roundedShift((magnitude & 0x7fffff) | 0x800000, shift);
}

/** value / 2^shift to the nearest integer, ties to even. A carry out of the fraction raises the exponent, as it should. */
function roundedShift(value: number, shift: number): number {
  const kept = value >>> shift;
  const rest = value & ((1 << shift) - 1);
  const half = 1 << (shift - 1);
  return rest > half || (rest === half && (kept & 1) === 1) ? kept + 1 : kept;
}

/** The exact values of binary16 numbers. */
export function fromFloat16(halves: Uint16Array): Float32Array {
  const bits = new Uint32Array(halves.length);
  for (let i = 0; i < halves.length; i++) bits[i] = widenBits(halves[i] as number);
  return new Float32Array(bits.buffer);
}

/** The exact values of bfloat16 numbers. */
export function fromBfloat16(halves: Uint16Array): Float32Array {
  const bits = new Uint32Array(halves.length);
  for (let i = 0; i < halves.length; i++) bits[i] = (halves[i] as number) << 16;
  return new Float32Array(bits.buffer);
}

/** The nearest binary16 numbers, ties to even. What lies beyond ±65504 by half a step or more becomes infinite. */
export function toFloat16(value: Float32Array): Uint16Array {
  const bits = new Uint32Array(value.buffer, value.byteOffset, value.length);
  const halves = new Uint16Array(value.length);
  for (let i = 0; i < bits.length; i++) halves[i] = narrowBits(bits[i] as number);
  return halves;
}
