/**
 * The compiled character map of a SentencePiece model: which UTF-8 strings are rewritten to which.
 *
 * The blob is a byte count (u32), a double-array trie of that many bytes, and the replacements one after the other, each
 * ended by a NUL. A trie unit is 32 bits: its label in the low byte (with bit 31, which marks a value and never matches a
 * byte), in bit 8 whether a key ends here, in bits 10 to 30 the offset to its children, which bit 9 says to take times 256.
 * A node's key ends in a unit whose low 31 bits are where the replacement starts.
 *
 * Every read is checked against the blob, so that a damaged map gives no match instead of bytes from elsewhere.
 */
const LABEL_MASK = 0x800000ff;
const VALUE_MASK = 0x7fffffff;

export interface Replacement {
  /** Bytes of the input that are replaced. */
  readonly consumed: number;
  /** What stands for them: `bytes` from `start` to `end`. */
  readonly bytes: Uint8Array;
  readonly start: number;
  readonly end: number;
}

export class CharacterMap {
  readonly #units: Uint32Array;
  readonly #replacements: Uint8Array;

  /** @throws RangeError where the blob is not a trie followed by NUL-ended replacements. */
  constructor(blob: Uint8Array) {
    const view = new DataView(blob.buffer, blob.byteOffset, blob.byteLength);
    const trieBytes = blob.length > 4 ? view.getUint32(0, true) : 0;
    if (trieBytes === 0 || trieBytes % 4 !== 0 || trieBytes > blob.length - 4)
      throw new RangeError('the trie of its character map does not fit');
    this.#units = new Uint32Array(trieBytes / 4);
    for (let i = 0; i < this.#units.length; i++) this.#units[i] = view.getUint32(4 + 4 * i, true);
    this.#replacements = blob.subarray(4 + trieBytes);
    if (this.#replacements.at(-1) !== 0) throw new RangeError('its character map ends within a replacement');
  }

  /** The longest rule that applies to `text` at `from`. */
  longestMatch(text: Uint8Array, from: number): Replacement | undefined {
    let consumed = 0;
    let start = 0;
    let node = childrenOf(this.#unit(0));
    for (let at = from; at < text.length; at++) {
      const byte = text[at] as number;
      node ^= byte;
      const unit = this.#unit(node);
      if ((unit & LABEL_MASK) >>> 0 !== byte) break;
      node ^= childrenOf(unit);
      if ((unit >>> 8) & 1) {
        consumed = at + 1 - from;
        start = this.#unit(node) & VALUE_MASK;
      }
    }
    if (consumed === 0 || start >= this.#replacements.length) return undefined;
    return { consumed, bytes: this.#replacements, start, end: this.#replacements.indexOf(0, start) };
  }

  #unit(index: number): number {
    return this.#units[index] ?? LABEL_MASK;
  }
}

function childrenOf(unit: number): number {
  return (unit >>> 10) << ((unit & 0x200) >>> 6);
}
