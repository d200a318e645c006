import { describe, expect, it } from 'vitest';
import { Pace } from '#src/engine/rerank/pace.js';

describe('Pace', () => {
  it('makes batches that fit into the time left, and that others can wait for', () => {
    const pace = new Pace(4);
    expect(pace.batch(Infinity)).toBe(10);
    expect(pace.batch(20)).toBe(4);
    expect(pace.batch(5)).toBe(1);
    expect(pace.batch(4)).toBe(0);
    expect(pace.batch(-3)).toBe(0);
    expect(new Pace(15).batch(Infinity)).toBe(2);
    expect(new Pace(500).batch(Infinity)).toBe(1);
    expect(new Pace(500).batch(400)).toBe(0);
  });

  it('begins with a small one, and tries one pair whatever the time', () => {
    expect(new Pace(1).firstBatch(Infinity)).toBe(4);
    expect(new Pace(15).firstBatch(Infinity)).toBe(2);
    expect(new Pace(500).firstBatch(60)).toBe(1);
    expect(new Pace(1).firstBatch(0)).toBe(1);
  });

  it('follows the last batches', () => {
    const pace = new Pace(4);
    pace.took(8, 8 * 36);
    expect(pace.batch(Infinity)).toBe(2);
    pace.took(0, 1000);
    for (let i = 0; i < 10; i++) pace.took(2, 2);
    expect(pace.batch(Infinity)).toBe(16);
  });
});
