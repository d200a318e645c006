import { describe, expect, it } from 'vitest';
import { dot, fromBlob, toBlob, unit } from '#src/core/embedding.js';

describe('embeddings', () => {
  it('have unit length after unit()', () => {
    expect(dot(unit(Float32Array.of(3, 4)), unit(Float32Array.of(3, 4)))).toBeCloseTo(1, 6);
    expect([...unit(Float32Array.of(3, 4))]).toEqual([expect.closeTo(0.6), expect.closeTo(0.8)]);
  });

  it('leave a zero vector as it is instead of making NaN of it', () => {
    expect([...unit(new Float32Array(2))]).toEqual([0, 0]);
  });

  it('survive storage, also at an odd offset', () => {
    const vector = Float32Array.of(0.25, -1, 3.5e-8);
    const shifted = new Uint8Array(1 + vector.byteLength);
    shifted.set(toBlob(vector), 1);
    expect([...fromBlob(shifted.subarray(1))]).toEqual([...vector]);
  });
});
