/**
 * SentencePiece's normaliser, on UTF-8 bytes.
 *
 * The text is eaten from the left: at each place the longest user-defined symbol stands as it is, else the longest rule of
 * the character map rewrites what it matches, else one character passes unchanged. White space is judged after rewriting,
 * which is why the two ends and the runs between words are trimmed here and not before: a rule may turn a tab, a no-break
 * space or a zero-width character into a space or into nothing.
 *
 * Malformed input cannot reach this code. A JavaScript string is encoded first, and that turns a lone surrogate into U+FFFD,
 * which is also what SentencePiece puts in the place of bytes that are not UTF-8.
 */
import type { ByteTrie } from './byte-trie.js';
import { CharacterMap } from './character-map.js';
import type { NormalizerRules } from './sentencepiece-model.js';
import { characterLength } from './utf8.js';

const SPACE = 0x20;
/** ▁, which stands for a space within pieces. */
const ESCAPED_SPACE: Uint8Array = Uint8Array.of(0xe2, 0x96, 0x81);
const PLAIN_SPACE: Uint8Array = Uint8Array.of(SPACE);

const encoder = new TextEncoder();

/** What the next `consumed` bytes of the input become: `bytes` from `start` to `end`. */
interface Step {
  readonly consumed: number;
  readonly bytes: Uint8Array;
  readonly start: number;
  readonly end: number;
}

export class Normalizer {
  readonly #rules: NormalizerRules;
  readonly #userDefined: ByteTrie | undefined;
  readonly #map: CharacterMap | undefined;
  readonly #space: Uint8Array;

  /**
   * Strings in `userDefined` are never rewritten.
   *
   * @throws RangeError where the character map is damaged.
   */
  constructor(rules: NormalizerRules, userDefined: ByteTrie | undefined) {
    this.#rules = rules;
    this.#userDefined = userDefined;
    this.#map = rules.characterMap.length > 0 ? new CharacterMap(rules.characterMap) : undefined;
    this.#space = rules.escapeWhitespaces ? ESCAPED_SPACE : PLAIN_SPACE;
  }

  /** The normalised text, UTF-8. Empty where nothing but white space was given. */
  normalize(text: string): Uint8Array {
    const { removeExtraWhitespaces, addDummyPrefix, whitespaceAsSuffix } = this.#rules;
    const input = encoder.encode(text);
    let at = removeExtraWhitespaces ? this.#skipSpaces(input) : 0;
    if (at === input.length) return new Uint8Array(0);

    const output = new ByteBuilder(input.length * 2 + 16);
    if (addDummyPrefix && !whitespaceAsSuffix) output.append(this.#space);
    let afterSpace = removeExtraWhitespaces;
    while (at < input.length) {
      const step = this.#step(input, at);
      at += step.consumed;
      let { start } = step;
      if (afterSpace) while (start < step.end && step.bytes[start] === SPACE) start++;
      if (start === step.end) continue;
      for (let i = start; i < step.end; i++) {
        const byte = step.bytes[i] as number;
        if (byte === SPACE) output.append(this.#space);
        else output.push(byte);
      }
      afterSpace = removeExtraWhitespaces && step.bytes[step.end - 1] === SPACE;
    }
    if (removeExtraWhitespaces) while (output.endsWith(this.#space)) output.shorten(this.#space.length);
    if (addDummyPrefix && whitespaceAsSuffix) output.append(this.#space);
    return output.bytes();
  }

  /** Where the first thing starts that is not rewritten to exactly one space. */
  #skipSpaces(input: Uint8Array): number {
    let at = 0;
    while (at < input.length) {
      const { consumed, bytes, start, end } = this.#step(input, at);
      if (end - start !== 1 || bytes[start] !== SPACE) break;
      at += consumed;
    }
    return at;
  }

  #step(input: Uint8Array, at: number): Step {
    const symbol = this.#userDefined?.longestMatch(input, at) ?? 0;
    const rule = symbol === 0 ? this.#map?.longestMatch(input, at) : undefined;
    if (rule) return rule;
    const length = symbol || characterLength(input, at);
    return { consumed: length, bytes: input, start: at, end: at + length };
  }
}

/** Bytes that are appended one after the other. */
class ByteBuilder {
  #buffer: Uint8Array;
  #length = 0;

  constructor(capacity: number) {
    this.#buffer = new Uint8Array(capacity);
  }

  push(byte: number): void {
    if (this.#length === this.#buffer.length) {
      const larger = new Uint8Array(2 * this.#length);
      larger.set(this.#buffer);
      this.#buffer = larger;
    }
    this.#buffer[this.#length++] = byte;
  }

  append(bytes: Uint8Array): void {
    for (const byte of bytes) this.push(byte);
  }

  endsWith(bytes: Uint8Array): boolean {
    const from = this.#length - bytes.length;
    return from >= 0 && bytes.every((byte, i) => this.#buffer[from + i] === byte);
  }

  shorten(count: number): void {
    this.#length -= count;
  }

  bytes(): Uint8Array {
    return this.#buffer.subarray(0, this.#length);
  }
}
