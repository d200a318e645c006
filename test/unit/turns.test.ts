import { describe, expect, it } from 'vitest';
import { Turns } from '#src/engine/turns.js';

/** Counts how often the event loop goes round, until it is told to stop. */
function loopRounds(): { readonly count: () => number; readonly stop: () => void } {
  let count = 0;
  let next: NodeJS.Immediate;
  const go = (): void => {
    count++;
    next = setImmediate(go);
  };
  next = setImmediate(go);
  return { count: () => count, stop: () => clearImmediate(next) };
}

describe('turns', () => {
  it('come in the order in which they were asked for, with rounds of the loop between them', async () => {
    const turns = new Turns();
    const rounds = loopRounds();
    const taken: { readonly name: string; readonly round: number }[] = [];
    const take = async (name: string): Promise<void> => {
      await turns.next();
      taken.push({ name, round: rounds.count() });
    };
    await Promise.all(['a', 'b', 'c'].map(take));
    rounds.stop();
    expect(taken.map(({ name }) => name)).toEqual(['a', 'b', 'c']);
    const [a = 0, b = 0, c = 0] = taken.map(({ round }) => round);
    expect(b - a).toBeGreaterThanOrEqual(3);
    expect(c - b).toBeGreaterThanOrEqual(3);
  });

  it('cost who comes alone one round', async () => {
    const turns = new Turns();
    for (let i = 0; i < 3; i++) {
      const rounds = loopRounds();
      await turns.next();
      expect(rounds.count()).toBeLessThanOrEqual(2);
      rounds.stop();
      // Long enough for the turn to be forgotten.
      for (let round = 0; round < 3; round++) await new Promise((resolve) => setImmediate(resolve));
    }
  });
});
