import { describe, expect, it } from 'vitest';
import { PairReader, type ReadingTask } from '#src/engine/rerank/pair-reader.js';
import type { Deadline } from '#src/engine/rerank/deadline.js';
import { Pace } from '#src/engine/rerank/pace.js';
import { ScoreMemory } from '#src/engine/rerank/score-memory.js';
import { BrightnessScorer, goneImage, plainImage } from '../support/brightness-scorer.js';

const NEVER: Deadline = { passed: new Promise<void>(() => {}), left: () => Infinity };
/** Two pairs in the first batch. */
const modest = (): Pace => new Pace(20);
const plain = (text: string): ReadingTask['terms'] => [{ text, factor: 1 }];
const tasks = (count: number): ReadingTask[] =>
  Array.from({ length: count }, (_, red) => ({ image: plainImage(red), terms: plain('word') }));

describe('PairReader', () => {
  it('reads everything in batches, and nothing twice', async () => {
    const scorer = new BrightnessScorer();
    const reader = new PairReader(scorer, new ScoreMemory());
    const wanted = tasks(5).map((_, red) => red + 0.4);
    const terms = { pace: modest(), deadline: NEVER };
    expect(await reader.read(tasks(5), terms)).toEqual({ sums: wanted, late: false });
    expect(scorer.calls).toEqual([2, 3]);
    expect(await reader.read(tasks(6), terms)).toEqual({ sums: [...wanted, 5.4], late: false });
    expect(scorer.calls).toEqual([2, 3, 1]);
  });

  it('adds up the terms of a task, each by its factor', async () => {
    const reader = new PairReader(new BrightnessScorer(), new ScoreMemory());
    const terms = [
      { text: 'long text', factor: 1 },
      { text: 'b', factor: -1 },
    ];
    const one = [{ image: plainImage(9), terms }];
    const { sums } = await reader.read(one, { pace: modest(), deadline: NEVER });
    expect(sums[0]).toBeCloseTo(0.8);
  });

  it('stops when time is up, and remembers what came late', async () => {
    const scorer = new BrightnessScorer(() => released);
    let release = (): void => {};
    const released = new Promise<void>((resolve) => (release = resolve));
    const memory = new ScoreMemory();
    const reader = new PairReader(scorer, memory);
    const over: Deadline = { passed: Promise.resolve(), left: () => 0 };
    const read = await reader.read(tasks(3), { pace: modest(), deadline: over });
    expect(read).toEqual({ sums: [undefined, undefined, undefined], late: true });
    release();
    await expect.poll(() => memory.get('word', 'red 0')).toBe(0.4);
    expect(scorer.calls).toEqual([1]);
  });

  it('begins no batch that would not be done in time', async () => {
    const scorer = new BrightnessScorer();
    const reader = new PairReader(scorer, new ScoreMemory());
    const times = [1000, 1];
    const deadline: Deadline = { passed: NEVER.passed, left: () => times.shift() ?? 0 };
    const read = await reader.read(tasks(4), { pace: modest(), deadline });
    expect(read).toEqual({ sums: [0.4, 1.4, undefined, undefined], late: true });
    expect(scorer.calls).toEqual([2]);
  });

  it('begins no further batch for somebody who left', async () => {
    const leaving = new AbortController();
    const scorer = new BrightnessScorer(async () => leaving.abort(new Error('left')));
    const reader = new PairReader(scorer, new ScoreMemory());
    const terms = { pace: new Pace(1000), deadline: NEVER, signal: leaving.signal };
    await expect(reader.read(tasks(3), terms)).rejects.toThrow('left');
    expect(scorer.calls).toEqual([1]);
    await expect(reader.read(tasks(3), terms)).rejects.toThrow('left');
    expect(scorer.calls).toEqual([1]);
  });

  it('passes over a picture that cannot be had, and reads the others of its batch', async () => {
    const reader = new PairReader(new BrightnessScorer(), new ScoreMemory());
    const three = [...tasks(1), { image: goneImage, terms: plain('word') }, ...tasks(2).slice(1)];
    const { sums } = await reader.read(three, { pace: new Pace(1), deadline: NEVER });
    expect(sums).toEqual([0.4, undefined, 1.4]);
  });
});
