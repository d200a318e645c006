import { describe, expect, it } from 'vitest';
import { PairReader, type ReadingTask } from '#src/engine/rerank/pair-reader.js';
import { ScoreMemory } from '#src/engine/rerank/score-memory.js';
import { BrightnessScorer, goneImage, plainImage } from '../support/brightness-scorer.js';

const NEVER = new Promise<void>(() => {});
const plain = (text: string): ReadingTask['terms'] => [{ text, factor: 1 }];
const tasks = (count: number): ReadingTask[] =>
  Array.from({ length: count }, (_, red) => ({ image: plainImage(red), terms: plain('word') }));

describe('PairReader', () => {
  it('reads everything in batches, and nothing twice', async () => {
    const scorer = new BrightnessScorer();
    const reader = new PairReader(scorer, new ScoreMemory());
    const wanted = tasks(5).map((_, red) => red + 0.4);
    expect(await reader.read(tasks(5), { batch: 2, deadline: NEVER })).toEqual(wanted);
    expect(scorer.calls).toEqual([2, 2, 1]);
    expect(await reader.read(tasks(6), { batch: 2, deadline: NEVER })).toEqual([...wanted, 5.4]);
    expect(scorer.calls).toEqual([2, 2, 1, 1]);
  });

  it('adds up the terms of a task, each by its factor', async () => {
    const reader = new PairReader(new BrightnessScorer(), new ScoreMemory());
    const terms = [
      { text: 'long text', factor: 1 },
      { text: 'b', factor: -1 },
    ];
    const [sum] = await reader.read([{ image: plainImage(9), terms }], { batch: 8, deadline: NEVER });
    expect(sum).toBeCloseTo(0.8);
  });

  it('stops when time is up, and remembers what came late', async () => {
    const scorer = new BrightnessScorer(() => released);
    let release = (): void => {};
    const released = new Promise<void>((resolve) => (release = resolve));
    const memory = new ScoreMemory();
    const reader = new PairReader(scorer, memory);
    const read = await reader.read(tasks(4), { batch: 2, deadline: Promise.resolve() });
    expect(read).toEqual([undefined, undefined, undefined, undefined]);
    release();
    await expect.poll(() => memory.get('word', 'red 1')).toBe(1.4);
    expect(scorer.calls).toEqual([2]);
  });

  it('begins no further batch for somebody who left', async () => {
    const leaving = new AbortController();
    const scorer = new BrightnessScorer(async () => leaving.abort(new Error('left')));
    const reader = new PairReader(scorer, new ScoreMemory());
    const terms = { batch: 1, deadline: NEVER, signal: leaving.signal };
    await expect(reader.read(tasks(3), terms)).rejects.toThrow('left');
    expect(scorer.calls).toEqual([1]);
    await expect(reader.read(tasks(3), terms)).rejects.toThrow('left');
    expect(scorer.calls).toEqual([1]);
  });

  it('passes over a picture that cannot be had, and reads the others of its batch', async () => {
    const reader = new PairReader(new BrightnessScorer(), new ScoreMemory());
    const three = [...tasks(1), { image: goneImage, terms: plain('word') }, ...tasks(2).slice(1)];
    expect(await reader.read(three, { batch: 8, deadline: NEVER })).toEqual([0.4, undefined, 1.4]);
  });
});
