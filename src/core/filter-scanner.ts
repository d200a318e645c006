/** The letters of a filter or a search as it is typed, with where each stands; and how to tell what is wrong there. */
import { SightlineError } from './errors.js';
import { FIELD_ALIASES, FIELD_NAMES } from './filter-fields.js';

/** A piece of the typed text, from `start` up to `end`. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

export interface Value extends Span {
  readonly text: string;
  readonly quoted: boolean;
}

/** A field's name as typed, and the operator behind it. */
export interface Head extends Span {
  readonly name: string;
  readonly op: string;
}

const HEAD = /([A-Za-z]+)(>=|<=|[:=<>])/y;
const BARE = /[^\s()"]+/y;
const SPACE = /\s+/y;
const LETTERS = /[\p{L}\p{N}_]/u;

export class FilterScanner {
  readonly source: string;
  position = 0;

  constructor(source: string) {
    this.source = source;
  }

  get atEnd(): boolean {
    return this.position >= this.source.length;
  }

  skipSpace(): void {
    this.#match(SPACE);
  }

  peek(): string {
    return this.source[this.position] ?? '';
  }

  take(letter: string): boolean {
    if (this.peek() !== letter) return false;
    this.position++;
    return true;
  }

  /** A word of the language, standing for itself: `or`, `and`, `not`. */
  takeWord(word: string): boolean {
    const end = this.position + word.length;
    if (this.source.slice(this.position, end).toLowerCase() !== word) return false;
    if (LETTERS.test(this.source[end] ?? '') || /[:=<>]/.test(this.source[end] ?? '')) return false;
    this.position = end;
    return true;
  }

  /** `camera:` or `width>=`, where the text goes on with one. */
  head(): Head | undefined {
    const start = this.position;
    const match = this.#match(HEAD);
    return match && { name: match[1] as string, op: match[2] as string, start, end: this.position };
  }

  /** What stands behind an operator: in quotes, or up to the next space, bracket or quote. */
  value(): Value | undefined {
    if (this.peek() === '"') return this.quoted();
    const start = this.position;
    const match = this.#match(BARE);
    return match && { text: match[0], quoted: false, start, end: this.position };
  }

  /** @throws ERR_FILTER_INVALID where the quotes are not closed */
  quoted(): Value {
    const start = this.position++;
    let text = '';
    while (!this.atEnd) {
      if (this.take('"')) return { text, quoted: true, start, end: this.position };
      // Elsewhere a backslash is itself: paths have them.
      if (/^\\["\\]/.test(this.source.slice(this.position, this.position + 2))) this.position++;
      text += this.peek();
      this.position++;
    }
    throw filterFault(this.source, { start, end: this.source.length }, 'the quotes are not closed');
  }

  bare(): string {
    return this.#match(BARE)?.[0] ?? '';
  }

  #match(pattern: RegExp): RegExpExecArray | undefined {
    pattern.lastIndex = this.position;
    const match = pattern.exec(this.source) ?? undefined;
    if (match) this.position = pattern.lastIndex;
    return match;
  }
}

/** @param likely what was probably meant, in place of the faulty piece */
export function filterFault(
  source: string,
  { start, end }: Span,
  reason: string,
  likely?: string,
): SightlineError {
  const piece = source.slice(start, end);
  const corrected = likely === undefined ? undefined : source.slice(0, start) + likely + source.slice(end);
  const place = piece === '' ? `at the end` : `at character ${start + 1}, “${piece}”`;
  const remedy = likely === undefined ? '' : ` Did you mean ${likely}?`;
  return new SightlineError('ERR_FILTER_INVALID', `The filter is wrong ${place}: ${reason}.${remedy}`, {
    details: { position: start, length: end - start, ...(corrected !== undefined && { likely: corrected }) },
  });
}

export const NAMES_OF_FIELDS: readonly string[] = [...FIELD_NAMES, ...Object.keys(FIELD_ALIASES)];
