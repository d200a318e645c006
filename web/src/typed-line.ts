/** The line of words and conditions, read by the very parser that the server reads it with. */
import type { Filter } from '../../src/core/filter.js';
import { fieldNamed } from '../../src/core/filter-fields.js';
import { printFilter } from '../../src/core/filter-printer.js';
import { parseTyped, type TypedQuery } from '../../src/core/typed-query.js';
import { has, partOf, type SearchRequest } from './search-request.js';

function read(line: string): TypedQuery | null {
  try {
    return parseTyped(line);
  } catch {
    // The server says what is wrong with it, and where.
    return null;
  }
}

/** Its end is a field that waits for a value. */
const AWAITING = /(?:^|[\s(-])([A-Za-z]+)(?:>=|<=|[:=<>])"?$/;

/** Whether a line can be asked as it stands: a condition that is being typed cannot yet. */
export function isWhole(line: string): boolean {
  const [, field] = AWAITING.exec(line) ?? [];
  return (field === undefined || fieldNamed(field) === undefined) && read(line) !== null;
}

const conditionsOf = (filter: Filter | undefined): readonly Filter[] =>
  filter === undefined ? [] : 'all' in filter ? filter.all : [filter];

/** Takes conditions and leave-outs out of the line, where each becomes a block that can be removed by itself. */
export function lifted(request: SearchRequest): SearchRequest {
  const typed = read(request.text);
  if (typed === null) return request;
  const filters = conditionsOf(typed.filter).map(printFilter);
  const away = typed.leaveOut.map((words) => partOf({ words }, true));
  return {
    ...request,
    text: typed.text,
    filters: [...new Set([...request.filters, ...filters])],
    parts: [...request.parts, ...away.filter(({ subject }) => !has(request, subject))],
  };
}
