/**
 * How many requests are worked on at a time, how many may wait, and what happens to the rest: they are told at once to come
 * back. A server that accepts everything answers nobody in time; with a bounded queue those whom it accepts wait for at most
 * the length of the queue, and refusing costs next to nothing, so what it gets done stays what it can do.
 */
import type { RequestHandler, Response } from 'express';
import { SightlineError } from '../core/errors.js';

export interface AdmissionLimits {
  /** Requests worked on at a time. */
  readonly running: number;
  /** Requests that may wait for one of them to end. */
  readonly waiting: number;
}

/** Milliseconds of a request before anything was measured. */
const FIRST_GUESS = 50;
/** How much the newest request changes the mean. */
const WEIGHT = 0.1;

export function overloaded(): SightlineError {
  const message = 'The server has as much to do as it can take. Try again in a moment.';
  return new SightlineError('ERR_OVERLOADED', message);
}

export class Admission {
  readonly #limits: AdmissionLimits;
  readonly #queue = new Set<() => void>();
  #running = 0;
  #refused = 0;
  #meanMs = FIRST_GUESS;

  constructor(limits: AdmissionLimits) {
    this.#limits = limits;
  }

  get state(): { readonly running: number; readonly waiting: number; readonly refused: number } {
    return { running: this.#running, waiting: this.#queue.size, refused: this.#refused };
  }

  /** Whether nobody more may even wait. */
  get isFull(): boolean {
    return this.#queue.size >= this.#limits.waiting && this.#running >= this.#limits.running;
  }

  /** Counts one that is refused. @returns seconds after which it may come again */
  refuse(): number {
    this.#refused++;
    return this.#secondsToWait();
  }

  /** Lets a request through now, later, or not. Its place is free again when its connection is done with it. */
  readonly handler: RequestHandler = (_request, response, next) => {
    if (this.#running < this.#limits.running) return this.#enter(response, next);
    if (this.isFull) {
      response.set('Retry-After', String(this.refuse()));
      return next(overloaded());
    }
    const enter = (): void => {
      response.off('close', leave);
      this.#enter(response, next);
    };
    const leave = (): void => void this.#queue.delete(enter);
    response.once('close', leave);
    this.#queue.add(enter);
  };

  #enter(response: Response, next: () => void): void {
    this.#running++;
    const start = performance.now();
    response.once('close', () => {
      this.#running--;
      this.#meanMs += WEIGHT * (performance.now() - start - this.#meanMs);
      const [longest] = this.#queue;
      if (longest === undefined) return;
      this.#queue.delete(longest);
      longest();
    });
    next();
  }

  #secondsToWait(): number {
    const rounds = this.#queue.size / this.#limits.running + 1;
    return Math.max(1, Math.ceil((rounds * this.#meanMs) / 1000));
  }
}
