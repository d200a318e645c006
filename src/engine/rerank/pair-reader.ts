/**
 * Candidates on their way through a scorer: in small batches, the best first, until all are read, the time is up or nobody
 * wants the answer any more. A batch that is under way when time is up is not waited for; what it gives is remembered for
 * the next time.
 */
import type { ImageTextPair, PairImage, PairScorer } from '../../encoder/mod.js';
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
  /** Pairs in one batch. */
  readonly batch: number;
  /** Resolves when time is up. */
  readonly deadline: Promise<unknown>;
  readonly signal?: AbortSignal | undefined;
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

  /**
   * The sums of the terms, in the order of the tasks; undefined where a task was not read: time was up before, or its picture
   * cannot be had any more.
   * @throws the signal's reason, ERR_ENCODER_FAILED, ERR_ENGINE_CLOSED
   */
  async read(
    tasks: readonly ReadingTask[],
    { batch, deadline, signal }: ReadingTerms,
  ): Promise<(number | undefined)[]> {
    signal?.throwIfAborted();
    const late = deadline.then(() => LATE);
    const ends = signal ? [late, abortion(signal)] : [late];
    for (let start = 0; start < tasks.length; ) {
      const end = this.#batchEnd(tasks, start, batch);
      const work = this.#readBatch(tasks.slice(start, end));
      // Not waited for any longer, it must not leave a rejection behind.
      work.catch(() => {});
      if ((await Promise.race([work, ...ends])) === LATE) break;
      start = end;
    }
    return tasks.map((task) => this.#sum(task));
  }

  /** As many tasks as make a batch of pairs that are not remembered, and at least one. */
  #batchEnd(tasks: readonly ReadingTask[], start: number, batch: number): number {
    let pairs = 0;
    let end = start;
    while (end < tasks.length) {
      pairs += this.#missing(tasks[end] as ReadingTask).length;
      if (pairs > batch && end > start) break;
      end++;
    }
    return end;
  }

  #missing({ image, terms }: ReadingTask): Term[] {
    return terms.filter(({ text }) => this.#memory.get(text, image.key) === undefined);
  }

  async #readBatch(tasks: readonly ReadingTask[]): Promise<void> {
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
    const scores = await this.#scorer.score(pairs, 'query');
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
