/** Questions to the word index, made so that no text a person can type is a fault. */
import type { ItemKind } from '../../core/item.js';

export const wordTable = (kind: ItemKind): string => `${kind}_words`;

/** Scripts that are written without spaces: every character is indexed as a word, and a run of them is a phrase. */
const UNSPACED =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/gu;
const WORD = /[\p{L}\p{N}\p{Co}]/u;

/** Nothing in it is to be composed, spaced or replaced. */
const PLAIN = /^[\x20-\x7e]*$/;

/** Text as the index sees it: composed, and with spaces between characters that need none. */
export function segmented(text: string): string {
  if (PLAIN.test(text)) return text;
  return text.normalize('NFC').replaceAll('\0', ' ').replaceAll(UNSPACED, ' $& ');
}

/** As a string of the query language of FTS5, in which only the quote means something. */
const quoted = (text: string): string => `"${segmented(text).replaceAll('"', '""')}"`;

/** Words next to each other, in this order; undefined where there is no word in the text. */
export function phraseQuery(text: string): string | undefined {
  return WORD.test(text) ? quoted(text) : undefined;
}

/** So common that they tell nothing about a photo. A question of nothing else keeps them. */
const FUNCTION_WORDS: ReadonlySet<string> = new Set(
  `a an the this that these those some any of in on at by for from to into onto with without over under near next
   between and or but is are was were be being been it its there their his her he she they who which while as
   photo picture image photos pictures images show me find`.split(/\s+/),
);

/** The words of a sentence that can be looked for, each once. */
export function searchWords(text: string): string[] {
  const all = text
    .split(/\s+/)
    .map((word) => word.replace(/^[^\p{L}\p{N}\p{Co}]+|[^\p{L}\p{N}\p{Co}]+$/gu, ''))
    .filter((word) => WORD.test(word));
  const distinct = [...new Map(all.map((word) => [word.toLowerCase(), word])).values()];
  const telling = distinct.filter((word) => !FUNCTION_WORDS.has(word.toLowerCase()));
  return telling.length > 0 ? telling : distinct;
}

export const allOf = (words: readonly string[]): string => words.map(quoted).join(' AND ');
export const anyOf = (words: readonly string[]): string => words.map(quoted).join(' OR ');
