import type { Revision } from './revision.js';

/** What was worked out from the rows, until any of them changes. */
export class Remembered<Key, Value> {
  readonly #revision: Revision;
  readonly #most: number;
  readonly #values = new Map<Key, Value>();
  #of = '';

  /** @param most values kept; a newer one takes the place of the oldest */
  constructor(revision: Revision, most: number) {
    this.#revision = revision;
    this.#most = most;
  }

  /** To be asked for anew before each use, and before the rows are read. */
  get values(): ReadonlyMap<Key, Value> {
    const { current } = this.#revision;
    if (current !== this.#of) this.#values.clear();
    this.#of = current;
    return this.#values;
  }

  keep(key: Key, value: Value): void {
    const [oldest] = this.#values.keys();
    if (this.#values.size >= this.#most && oldest !== undefined) this.#values.delete(oldest);
    this.#values.set(key, value);
  }
}
