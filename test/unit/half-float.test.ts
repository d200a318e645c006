import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fromBfloat16, fromFloat16, toFloat16 } from '#src/encoder/checkpoint/half-float.js';

const EVERY_HALF = Uint16Array.from({ length: 1 << 16 }, (_, bits) => bits);

/** By the definition of binary16. */
function valueOf(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0x1f) return fraction === 0 ? sign * Infinity : Number.NaN;
  return exponent === 0 ? sign * fraction * 2 ** -24 : sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

const narrow = (value: number): number => toFloat16(Float32Array.of(value))[0] as number;

describe('widening', () => {
  test('gives every half its value, signed zeros and NaNs included', () => {
    const wide = fromFloat16(EVERY_HALF);
    const wrong = EVERY_HALF.filter((bits) => !Object.is(wide[bits], valueOf(bits)));
    expect([...wrong]).toEqual([]);
  });

  test('puts the bits of a bfloat16 in the upper half', () => {
    const bits = Uint16Array.of(0x3f80, 0xc000, 0x0001, 0x7f80, 0xff80, 0x7fc0, 0x8000);
    const expected = [1, -2, 2 ** -133, Infinity, -Infinity, Number.NaN, -0];
    expect([...fromBfloat16(bits)]).toEqual(expected);
  });
});

describe('narrowing', () => {
  test('undoes widening', () => {
    const back = toFloat16(fromFloat16(EVERY_HALF));
    const wrong = EVERY_HALF.filter((bits) => {
      const isNaN = Number.isNaN(valueOf(bits));
      return isNaN ? !Number.isNaN(valueOf(back[bits] as number)) : back[bits] !== bits;
    });
    expect([...wrong]).toEqual([]);
  });

  test.each([
    [65504, 0x7bff],
    [65519.996, 0x7bff],
    [65520, 0x7c00],
    [3.4e38, 0x7c00],
    [-65520, 0xfc00],
    [2 ** -14, 0x0400],
    [2 ** -24, 0x0001],
    [2 ** -25, 0x0000],
    [1.0001 * 2 ** -25, 0x0001],
    [1.5 * 2 ** -24, 0x0002],
    [2.5 * 2 ** -24, 0x0002],
    [-(2 ** -26), 0x8000],
    [1023.5 * 2 ** -24, 0x0400],
    [1 + 2 ** -11, 0x3c00],
    [1 + 3 * 2 ** -11, 0x3c02],
    [2047.5, 0x6800],
  ])('%f → 0x%s', (value, bits) => {
    expect(narrow(value)).toBe(bits);
  });

  test('finds the nearest half, and the even one of two', () => {
    const halves = fc.float({ noNaN: true, min: Math.fround(-65519), max: Math.fround(65519) });
    fc.assert(
      fc.property(halves, (value) => {
        const bits = narrow(value);
        const error = Math.abs(valueOf(bits) - value);
        const magnitude = bits & 0x7fff;
        for (const other of [magnitude - 1, magnitude + 1].filter((half) => half >= 0 && half <= 0x7bff)) {
          const distance = Math.abs(valueOf((bits & 0x8000) | other) - value);
          expect(distance).toBeGreaterThanOrEqual(error);
          if (distance === error) expect(bits & 1).toBe(0);
        }
        expect(Object.is(Math.sign(valueOf(bits)), Math.sign(value)) || valueOf(bits) === 0).toBe(true);
      }),
      { numRuns: 2000 },
    );
  });

  test('reads a view that does not start at the beginning of its buffer', () => {
    expect([...toFloat16(Float32Array.of(9, 1, -2).subarray(1))]).toEqual([0x3c00, 0xc000]);
  });
});
