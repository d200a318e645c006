/**
 * What the browser's history cannot keep in an address: the pictures of a search, its answer, and how far down the visitor
 * had read. Going back is then instant and lands where one left.
 */
import { addressOf } from './search-address.js';
import type { Part, SearchRequest } from './search-request.js';
import type { Answer } from './search-state.js';

const REMEMBERED = 30;

export interface Visit {
  readonly pictures: readonly Part[];
  readonly answer: Answer | null;
  readonly scroll: number;
}

const picturesOf = ({ parts }: SearchRequest): readonly Part[] =>
  parts.filter(({ subject }) => 'picture' in subject);

/** Each entry of the browser's history has a number, under which its visit is remembered. */
export class Visits {
  readonly #kept = new Map<number, Visit>();
  #here = 0;
  #count = 0;

  /** After a reload the older entries keep their numbers, so new ones go on from there. */
  start(): void {
    history.scrollRestoration = 'manual';
    this.#here = this.#count = visitNumber(history.state);
    history.replaceState({ visit: this.#here }, '');
  }

  remember(request: SearchRequest, answer: Answer | null): void {
    this.#kept.delete(this.#here);
    this.#kept.set(this.#here, { pictures: picturesOf(request), answer, scroll: scrollY });
    const [oldest] = this.#kept.keys();
    if (this.#kept.size > REMEMBERED && oldest !== undefined) this.#kept.delete(oldest);
  }

  travel(request: SearchRequest, how: 'push' | 'replace'): void {
    if (how === 'push') this.#here = ++this.#count;
    history[how === 'push' ? 'pushState' : 'replaceState']({ visit: this.#here }, '', addressOf(request));
    // Known from the start, so that a picture is there again even if its answer never came.
    this.#kept.set(this.#here, { pictures: picturesOf(request), answer: null, scroll: 0 });
  }

  /** The visit of an entry that back or forward led to, where it is still known. */
  arrive(state: unknown): Visit | undefined {
    this.#here = visitNumber(state);
    this.#count = Math.max(this.#count, this.#here);
    return this.#kept.get(this.#here);
  }
}

function visitNumber(state: unknown): number {
  return typeof state === 'object' && state !== null && 'visit' in state && typeof state.visit === 'number'
    ? state.visit
    : 0;
}
