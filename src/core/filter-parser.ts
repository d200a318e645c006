/**
 * The short language of filters: `camera:Leica taken>2024-01 -folder:trash (rating>=4 or tag:family)`.
 *
 *     filter    = all { "or" all }
 *     all       = term { [ "and" ] term }
 *     term      = ( "-" | "not" ) term | "(" filter ")" | condition
 *     condition = field operator value { "," value }
 *
 * Values with spaces, commas, brackets or quotes stand in quotes. Every fault names its place and, where it can be guessed,
 * what was meant.
 */
import type { Filter } from './filter.js';
import { conditionOf } from './filter-values.js';
import { fieldNamed } from './filter-fields.js';
import { filterFault, FilterScanner, type Head, NAMES_OF_FIELDS } from './filter-scanner.js';
import { likelyName } from './typo.js';

/** Nested deeper than this is no filter that somebody means. */
export const MAX_FILTER_DEPTH = 24;
export const MAX_FILTER_CHARACTERS = 4000;

/** @throws ERR_FILTER_INVALID with `details` { position, length, likely? } */
export function parseFilter(source: string): Filter {
  const scanner = new FilterScanner(source);
  if (source.length > MAX_FILTER_CHARACTERS) {
    const span = { start: MAX_FILTER_CHARACTERS, end: MAX_FILTER_CHARACTERS };
    throw filterFault(source, span, `it is longer than ${MAX_FILTER_CHARACTERS} characters`);
  }
  scanner.skipSpace();
  if (scanner.atEnd) return { all: [] };
  const filter = alternatives(scanner, 0);
  if (!scanner.atEnd) {
    const { position: start } = scanner;
    throw filterFault(source, { start, end: start + 1 }, 'nothing was opened that this could close');
  }
  return filter;
}

/** One condition at the scanner, which stands behind its head. */
export function parseCondition(scanner: FilterScanner, head: Head): Filter {
  const { source } = scanner;
  const field = fieldNamed(head.name);
  const named = { start: head.start, end: head.start + head.name.length };
  if (field === undefined) {
    const likely = likelyName(head.name.toLowerCase(), NAMES_OF_FIELDS);
    throw filterFault(source, named, `there is no field ${head.name}`, likely);
  }
  const value = scanner.value();
  if (value === undefined) {
    throw filterFault(
      source,
      { start: head.end, end: head.end },
      `a value is missing behind ${head.name}${head.op}`,
    );
  }
  return conditionOf(source, field, head, value);
}

/** What stands between brackets, or all of it. */
export function alternatives(scanner: FilterScanner, depth: number): Filter {
  const any = [conjunction(scanner, depth)];
  while (scanner.takeWord('or')) any.push(conjunction(scanner, depth));
  return any.length === 1 ? (any[0] as Filter) : { any };
}

function conjunction(scanner: FilterScanner, depth: number): Filter {
  const all: Filter[] = [];
  for (;;) {
    scanner.skipSpace();
    if (all.length > 0 && scanner.takeWord('and')) scanner.skipSpace();
    else if (all.length > 0 && (scanner.atEnd || scanner.peek() === ')' || startsOr(scanner))) break;
    all.push(term(scanner, depth));
  }
  return all.length === 1 ? (all[0] as Filter) : { all };
}

function startsOr(scanner: FilterScanner): boolean {
  const { position } = scanner;
  const found = scanner.takeWord('or');
  scanner.position = position;
  return found;
}

function term(scanner: FilterScanner, depth: number): Filter {
  const { source, position: start } = scanner;
  if (depth > MAX_FILTER_DEPTH) {
    throw filterFault(source, { start, end: start + 1 }, `it is nested more than ${MAX_FILTER_DEPTH} deep`);
  }
  if (scanner.take('-') || scanner.takeWord('not')) {
    scanner.skipSpace();
    return { not: term(scanner, depth + 1) };
  }
  if (scanner.take('(')) {
    const inner = alternatives(scanner, depth + 1);
    scanner.skipSpace();
    if (!scanner.take(')'))
      throw filterFault(source, { start, end: start + 1 }, 'this bracket is not closed');
    return inner;
  }
  const head = scanner.head();
  if (head) return parseCondition(scanner, head);
  const word = scanner.peek() === '"' ? scanner.quoted() : scanner.value();
  const span = word ?? { start, end: Math.min(start + 1, source.length) };
  const reason =
    scanner.atEnd && word === undefined
      ? 'a condition is missing'
      : 'a condition is a field, an operator and a value, as in camera:Leica';
  throw filterFault(source, span, reason);
}
