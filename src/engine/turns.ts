/**
 * Finding and reading hits takes some milliseconds on the one thread that also takes connections, reads requests and refuses
 * what is too much. Texts come back from the encoder by the dozen, and a dozen searches in a row would be a stop of all that.
 * So each waits for a turn, and between two of them the event loop goes round: several times, because it takes one connection
 * each time.
 */
import { setImmediate as nextRound } from 'node:timers/promises';

/** Rounds of the loop between two searches. One with nothing to do takes some microseconds. */
const ROUNDS = 4;

/** The turns of one thread. */
export class Turns {
  #last: Promise<void> | undefined;

  /** Resolves when it is the caller's turn: after one round where nobody else had one lately. */
  next(): Promise<void> {
    const before = this.#last;
    const turn = before === undefined ? nextRound() : before.then(rounds);
    this.#last = turn;
    // Whoever comes after the last one has been served need not wait for it.
    void turn.then(async () => {
      await nextRound();
      if (this.#last === turn) this.#last = undefined;
    });
    return turn;
  }
}

async function rounds(): Promise<void> {
  for (let round = 0; round < ROUNDS; round++) await nextRound();
}

/** There is one thread that searches, whatever the number of libraries. */
export const SEARCH_TURNS: Turns = new Turns();
