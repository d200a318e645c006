/**
 * A set of ids as a bitmap. Ids are given upwards from 1, so a million of them cost 125 kB where a `Set` costs 50 MB; and
 * the bytes are what is written to disk.
 */
import type { ItemId } from './item.js';

const INITIAL_WORDS = 32;

export class IdSet {
  /** Bit `id & 31` of word `id >>> 5` is set where the id is in the set. */
  #words = new Uint32Array(INITIAL_WORDS);
  #size = 0;

  static of(ids: Iterable<number>): IdSet {
    const set = new IdSet();
    for (const id of ids) set.add(id);
    return set;
  }

  /** The inverse of `toBytes`. */
  static fromBytes(bytes: Uint8Array): IdSet {
    const set = new IdSet();
    set.#words = new Uint32Array(Math.max(INITIAL_WORDS, Math.ceil(bytes.length / 4)));
    for (const [at, byte] of bytes.entries()) {
      set.#words[at >>> 2] = ((set.#words[at >>> 2] ?? 0) | (byte << (8 * (at & 3)))) >>> 0;
      for (let bits = byte; bits !== 0; bits &= bits - 1) set.#size++;
    }
    return set;
  }

  get size(): number {
    return this.#size;
  }

  has(id: number): boolean {
    return (((this.#words[id >>> 5] ?? 0) >>> (id & 31)) & 1) === 1;
  }

  /** @returns whether it was not there before */
  add(id: number): boolean {
    if (this.has(id)) return false;
    const word = id >>> 5;
    if (word >= this.#words.length) this.#grow(word);
    this.#words[word] = ((this.#words[word] as number) | (1 << (id & 31))) >>> 0;
    this.#size++;
    return true;
  }

  /** @returns whether it was there before */
  delete(id: number): boolean {
    if (!this.has(id)) return false;
    const word = id >>> 5;
    this.#words[word] = ((this.#words[word] as number) & ~(1 << (id & 31))) >>> 0;
    this.#size--;
    return true;
  }

  clear(): void {
    this.#words.fill(0);
    this.#size = 0;
  }

  copy(): IdSet {
    const set = new IdSet();
    set.#words = this.#words.slice();
    set.#size = this.#size;
    return set;
  }

  /** The ids that are here and not there. */
  without(other: IdSet): IdSet {
    const set = new IdSet();
    set.#words = this.#words.map((word, at) => word & ~(other.#words[at] ?? 0));
    for (const word of set.#words) for (let bits = word; bits !== 0; bits &= bits - 1) set.#size++;
    return set;
  }

  /** Upwards. */
  *[Symbol.iterator](): IterableIterator<ItemId> {
    for (let at = 0; at < this.#words.length; at++) {
      for (let bits = this.#words[at] as number; bits !== 0; bits = (bits & (bits - 1)) >>> 0) {
        yield (at * 32 + 31 - Math.clz32(bits & -bits)) as ItemId;
      }
    }
  }

  /** Byte n holds ids 8n…8n + 7, the lowest in its lowest bit. */
  toBytes(): Uint8Array {
    const bytes = new Uint8Array(this.#words.length * 4);
    for (const [at, word] of this.#words.entries())
      for (let byte = 0; byte < 4; byte++) bytes[at * 4 + byte] = word >>> (8 * byte);
    return bytes.subarray(0, bytes.findLastIndex((byte) => byte !== 0) + 1);
  }

  #grow(word: number): void {
    const larger = new Uint32Array(Math.max(word + 1, this.#words.length * 2));
    larger.set(this.#words);
    this.#words = larger;
  }
}
