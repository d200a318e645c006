import { describe, expect, it } from 'vitest';
import { blend, dot, fromBlob, toBlob, unit } from '#src/core/embedding.js';

describe('embeddings', () => {
  it('have unit length after unit()', () => {
    expect(dot(unit(Float32Array.of(3, 4)), unit(Float32Array.of(3, 4)))).toBeCloseTo(1, 6);
    expect([...unit(Float32Array.of(3, 4))]).toEqual([expect.closeTo(0.6), expect.closeTo(0.8)]);
  });

  it('leave a zero vector as it is instead of making NaN of it', () => {
    expect([...unit(new Float32Array(2))]).toEqual([0, 0]);
  });

  it('blend to the direction in between, in any order', () => {
    const [x, y] = [Float32Array.of(1, 0), Float32Array.of(0, 1)];
    expect([...blend([x, y])]).toEqual([expect.closeTo(Math.SQRT1_2), expect.closeTo(Math.SQRT1_2)]);
    expect([...blend([y, x])]).toEqual([...blend([x, y])]);
  });

  it('survive storage, also at an odd offset', () => {
    const vector = Float32Array.of(0.25, -1, 3.5e-8);
    const shifted = new Uint8Array(1 + vector.byteLength);
    shifted.set(toBlob(vector), 1);
    expect([...fromBlob(shifted.subarray(1))]).toEqual([...vector]);
  });
});
