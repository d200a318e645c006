import { LruCache } from '../../core/lru-cache.js';

const BYTES = 16 * 1024 * 1024;
/** A number, and the key's share of the map. */
const ENTRY_BYTES = 256;

/** Scores of pairs that were read before: a repeated query, its next page, and a look back cost nothing. */
export class ScoreMemory {
  readonly #scores = new LruCache<number>(BYTES, () => ENTRY_BYTES);

  get(text: string, image: string): number | undefined {
    return this.#scores.get(`${image} ${text}`);
  }

  set(text: string, image: string, score: number): void {
    this.#scores.set(`${image} ${text}`, score);
  }
}
