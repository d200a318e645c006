/**
 * Requests that start something may be sent again by a client that heard no answer. With an `Idempotency-Key` the repetition
 * is not done again: it gets the answer of the first, or waits for it. What was refused may be tried again under its key.
 */
import type { Request } from 'express';
import { SightlineError } from '../core/errors.js';
import { LruCache } from '../core/lru-cache.js';
import { caller } from './access.js';

export const REPETITION_HEADER = 'Idempotency-Key';

/** Of all callers; then the oldest are forgotten. */
const MOST = 1000;
/** Milliseconds that a key is remembered. */
const REMEMBERED = 24 * 3600 * 1000;
const ACCEPTABLE = /^[\x21-\x7e]{1,255}$/;

interface First {
  readonly request: string;
  readonly until: number;
  readonly answer: Promise<unknown>;
}

export class Repetitions {
  readonly #firsts = new LruCache<First>(MOST, () => 1);

  /**
   * @param what of the request must be the same
   * @param act what the first request does
   * @throws ERR_REQUEST_INVALID for what cannot be a key, ERR_REPETITION_DIFFERS
   */
  async once<Answer>(request: Request, what: unknown, act: () => Promise<Answer>): Promise<Answer> {
    const given = request.get(REPETITION_HEADER);
    if (given === undefined) return act();
    if (!ACCEPTABLE.test(given)) {
      const message = `Expected ${REPETITION_HEADER} to be 1 to 255 visible characters. A random UUID will do.`;
      throw new SightlineError('ERR_REQUEST_INVALID', message);
    }
    // One caller's keys mean nothing to another.
    const key = JSON.stringify([caller(request).name, given]);
    const written = JSON.stringify(what);
    const first = this.#firsts.get(key);
    if (first === undefined || first.until < Date.now()) return this.#first(key, written, act);
    if (first.request === written) return first.answer as Promise<Answer>;
    const message = `Another request was sent with this ${REPETITION_HEADER}. Use a key of its own for each.`;
    throw new SightlineError('ERR_REPETITION_DIFFERS', message);
  }

  #first<Answer>(key: string, request: string, act: () => Promise<Answer>): Promise<Answer> {
    const answer = act();
    this.#firsts.set(key, { request, until: Date.now() + REMEMBERED, answer });
    answer.catch(() => this.#firsts.delete(key));
    return answer;
  }
}
