import type { LruCache } from './lru-cache.js';

/** What was worked out from the rows of a library, until any of them changes. */
export class Remembered<Value, Key = string> {
  readonly #revision: () => string;
  readonly #values: LruCache<Value, Key>;
  #of = '';

  /** @param revision another text after any change */
  constructor(revision: () => string, values: LruCache<Value, Key>) {
    this.#revision = revision;
    this.#values = values;
  }

  /** To be asked for anew before each use, and before the rows are read. */
  get values(): LruCache<Value, Key> {
    const revision = this.#revision();
    if (revision !== this.#of) this.#values.clear();
    this.#of = revision;
    return this.#values;
  }
}
