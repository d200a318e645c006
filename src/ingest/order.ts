import type { LibraryChange } from '../core/ports.js';
import type { Priority } from './work-queue.js';

/** What became of one file. */
export interface Outcome {
  /** Where it is a failure because the file has gone, the library was not told of it. */
  readonly change: LibraryChange;
  /** 1 where the photo is new to the library. */
  readonly added: 0 | 1;
}

export interface OrderOptions {
  readonly priority: Priority;
  /** Files of the order that nobody has begun are taken back; what is under way is finished. */
  readonly signal?: AbortSignal | undefined;
  /** Told after the change is durable. */
  readonly onOutcome: (outcome: Outcome) => void;
}

/** Files that somebody wants to see ingested. */
export class Order {
  readonly done: Promise<void>;
  readonly onOutcome: OrderOptions['onOutcome'];
  #left: number;
  #resolve: () => void = () => {};
  #reject: (error: unknown) => void = () => {};

  constructor(files: number, onOutcome: OrderOptions['onOutcome']) {
    this.#left = files;
    this.onOutcome = onOutcome;
    this.done = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
    this.less(0);
  }

  /** So many of them are dealt with, or taken back. */
  less(files: number): void {
    this.#left -= files;
    if (this.#left <= 0) this.#resolve();
  }

  fail(error: unknown): void {
    this.#reject(error);
  }
}
