/**
 * What people type into one line: words for what a photo shows, "exact words" that must be written about it, -things to
 * leave out, and conditions of the filter language between them.
 *
 *     a dog on the beach -people "golden gate" camera:Leica taken>2024-01 (rating>=4 or tag:family)
 *
 * A colon is common in sentences, so only a known field, or a word that is almost certainly one with a slip of the finger,
 * makes a condition; a bracket only where one stands inside. Everything else is words.
 */
import type { Filter } from './filter.js';
import { fieldNamed } from './filter-fields.js';
import { alternatives, MAX_FILTER_CHARACTERS, parseCondition } from './filter-parser.js';
import { filterFault, FilterScanner, type Head, NAMES_OF_FIELDS } from './filter-scanner.js';
import { isSlipOf, likelyName } from './typo.js';

export interface TypedQuery {
  /** What the photo shows; empty where only conditions were typed. */
  readonly text: string;
  readonly leaveOut: readonly string[];
  readonly filter?: Filter;
}

/** @throws ERR_FILTER_INVALID where something is certainly a condition and certainly wrong */
export function parseTyped(source: string): TypedQuery {
  const scanner = new FilterScanner(source);
  const words: string[] = [];
  const leaveOut: string[] = [];
  const conditions: Filter[] = [];
  if (source.length > MAX_FILTER_CHARACTERS) return { text: source, leaveOut };
  for (scanner.skipSpace(); !scanner.atEnd; scanner.skipSpace()) {
    const start = scanner.position;
    const away = scanner.take('-');
    const filter = conditionAt(scanner);
    if (filter) {
      conditions.push(away ? { not: filter } : filter);
      continue;
    }
    const phrase = closedQuotes(scanner) ? scanner.quoted().text.trim() : undefined;
    if (phrase !== undefined) {
      if (phrase === '') continue;
      if (away) leaveOut.push(phrase);
      else {
        words.push(phrase);
        conditions.push({ field: 'words', op: ':', value: phrase });
      }
      continue;
    }
    const word = scanner.bare();
    if (away && word !== '') {
      leaveOut.push(word);
      continue;
    }
    // A bracket or a quote that opens nothing is a letter like others, and stays where it is.
    const end = Math.max(scanner.position, start + 1);
    const glued = start > 0 && !/\s/.test(source[start - 1] as string) && words.length > 0;
    words.push((glued ? words.pop() : '') + source.slice(start, end));
    scanner.position = end;
  }
  const filter = conditions.length > 1 ? { all: conditions } : conditions[0];
  return { text: words.join(' '), leaveOut, ...(filter && { filter }) };
}

function closedQuotes({ source, position }: FilterScanner): boolean {
  return source[position] === '"' && source.indexOf('"', position + 1) > 0;
}

function conditionAt(scanner: FilterScanner): Filter | undefined {
  if (scanner.peek() === '(') return bracketAt(scanner);
  const start = scanner.position;
  const head = scanner.head();
  if (head && isCondition(scanner, head)) return parseCondition(scanner, head);
  scanner.position = start;
  return undefined;
}

/** A known field, or a near miss, with a value right behind it. */
function isCondition(scanner: FilterScanner, head: Head): boolean {
  if (!/[^\s]/.test(scanner.peek())) return false;
  if (fieldNamed(head.name)) return true;
  const name = head.name.toLowerCase();
  const likely = likelyName(name, NAMES_OF_FIELDS);
  return likely !== undefined && isSlipOf(name, likely);
}

function bracketAt(scanner: FilterScanner): Filter | undefined {
  const start = scanner.position;
  const heads = scanner.source.slice(start).match(/^\(+[-\s(]*([A-Za-z]+)(?:>=|<=|[:=<>])/);
  if (!heads?.[1] || !fieldNamed(heads[1])) return undefined;
  scanner.take('(');
  const inner = alternatives(scanner, 1);
  scanner.skipSpace();
  if (scanner.take(')')) return inner;
  throw filterFault(scanner.source, { start, end: start + 1 }, 'this bracket is not closed');
}

/** What was typed as a query: words for what is wanted, each leave-out for what is not. */
export function queryOfTyped({ text, leaveOut }: TypedQuery): { text?: string; not?: { text: string }[] } {
  return {
    ...(text !== '' && { text }),
    ...(leaveOut.length > 0 && { not: leaveOut.map((words) => ({ text: words })) }),
  };
}
