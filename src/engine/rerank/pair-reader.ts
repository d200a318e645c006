/**
 * Candidates on their way through a scorer: in small batches, the best first, until all are read, the time is up or nobody
 * wants the answer any more. A batch that is under way when time is up is not waited for; what it gives is remembered for
 * the next time. While a batch is read, the pictures of the next one are fetched.
 */
import type { ImageTextPair, PairImage, PairScorer } from '../../encoder/mod.js';
import type { Deadline } from './deadline.js';
import type { Pace } from './pace.js';
import type { ScoreMemory } from './score-memory.js';

/** A text to read, and what its score counts in the sum. */
export interface Term {
  readonly text: string;
  readonly factor: number;
}

/** What is read for one candidate. */
export interface ReadingTask {
  readonly image: PairImage;
  readonly terms: readonly Term[];
}

export interface ReadingTerms {
  readonly pace: Pace;
  readonly deadline: Deadline;
  readonly signal?: AbortSignal | undefined;
}

export interface PairsRead {
  /**
   * The sums of the terms, in the order of the tasks; undefined where a task was not read: time was up before, or its
   * picture cannot be had any more.
   */
  readonly sums: readonly (number | undefined)[];
  /** Whether the time was not enough for all. */
  readonly late: boolean;
}

const LATE = Symbol('late');

/** Rejects with the signal's reason when it fires. */
function abortion(signal: AbortSignal): Promise<never> {
  const promise = new Promise<never>((_resolve, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
  });
  // Whoever races it may be done before it fires.
  promise.catch(() => {});
  return promise;
}

export class PairReader {
  readonly #scorer: PairScorer;
  readonly #memory: ScoreMemory;

  constructor(scorer: PairScorer, memory: ScoreMemory) {
    this.#scorer = scorer;
    this.#memory = memory;
  }

  /** @throws the signal's reason, ERR_ENCODER_FAILED, ERR_ENGINE_CLOSED */
  async read(tasks: readonly ReadingTask[], { pace, deadline, signal }: ReadingTerms): Promise<PairsRead> {
    signal?.throwIfAborted();
    const passed = deadline.passed.then(() => LATE);
    const ends = signal ? [passed, abortion(signal)] : [passed];
    let late = false;
    for (let start = 0; start < tasks.length && !late; ) {
      const left = deadline.left();
      const most = start === 0 ? pace.firstBatch(left) : pace.batch(left);
      const end = this.#batchEnd(tasks, start, most);
      if (end > start) {
        const work = this.#readBatch(tasks.slice(start, end), pace);
        // Not waited for any longer, it must not leave a rejection behind.
        work.catch(() => {});
        this.#fetchAhead(tasks.slice(end, end + most));
        late = (await Promise.race([work, ...ends])) === LATE;
      } else late = true;
      start = end;
    }
    return { sums: tasks.map((task) => this.#sum(task)), late };
  }

  /** As many tasks as make a batch of so many pairs that are not remembered; one task at least, if any pair at all. */
  #batchEnd(tasks: readonly ReadingTask[], start: number, most: number): number {
    let pairs = 0;
    let end = start;
    while (end < tasks.length) {
      pairs += this.#missing(tasks[end] as ReadingTask).length;
      if (pairs > most && (end > start || most === 0)) break;
      end++;
    }
    return end;
  }

  #fetchAhead(tasks: readonly ReadingTask[]): void {
    for (const task of tasks) {
      // Whoever reads it will see why it cannot be had.
      if (this.#missing(task).length > 0) task.image.pixels().catch(() => {});
    }
  }

  #missing({ image, terms }: ReadingTask): Term[] {
    return terms.filter(({ text }) => this.#memory.get(text, image.key) === undefined);
  }

  async #readBatch(tasks: readonly ReadingTask[], pace: Pace): Promise<void> {
    const readable = await Promise.all(
      tasks.map(async (task) => {
        if (this.#missing(task).length === 0) return [];
        // One picture that is gone must not keep the others from being read.
        const there = await task.image.pixels().then(
          () => true,
          () => false,
        );
        return there ? [task] : [];
      }),
    );
    const pairs = readable
      .flat()
      .flatMap((task) => this.#missing(task).map(({ text }): ImageTextPair => ({ image: task.image, text })));
    if (pairs.length === 0) return;
    const start = performance.now();
    const scores = await this.#scorer.score(pairs, 'query');
    pace.took(pairs.length, performance.now() - start);
    for (const [place, { image, text }] of pairs.entries())
      this.#memory.set(text, image.key, scores[place] as number);
  }

  #sum({ image, terms }: ReadingTask): number | undefined {
    let sum = 0;
    for (const { text, factor } of terms) {
      const score = this.#memory.get(text, image.key);
      if (score === undefined) return undefined;
      sum += factor * score;
    }
    return sum;
  }
}
