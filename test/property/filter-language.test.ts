import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SightlineError } from '#src/core/errors.js';
import type { Filter } from '#src/core/filter.js';
import { checkFilter } from '#src/core/filter-check.js';
import { parseFilter } from '#src/core/filter-parser.js';
import { printFilter } from '#src/core/filter-printer.js';
import { parseTyped } from '#src/core/typed-query.js';
import { condition, filters } from '../support/arbitrary-filters.js';

const anyText = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 20 });
const everything: Filter = {
  any: [
    { field: 'kind', value: 'photo' },
    { field: 'kind', value: 'caption' },
  ],
};

/** The language has no brackets around one thing, and no words for everything and nothing. */
function plain(filter: Filter, outermost = true): Filter {
  if ('field' in filter) return filter;
  if ('not' in filter) return { not: plain(filter.not, false) };
  const isAll = 'all' in filter;
  const list = isAll ? filter.all : filter.any;
  if (list.length === 1) return plain(list[0] as Filter, false);
  if (list.length === 0) {
    if (isAll) return outermost ? { all: [] } : everything;
    return { not: everything };
  }
  const parts = list.map((one) => plain(one, false));
  return isAll ? { all: parts } : { any: parts };
}

describe('the filter language', () => {
  it('reads back what it printed', () => {
    fc.assert(
      fc.property(filters(condition(anyText, true)), (filter) => {
        expect(parseFilter(printFilter(filter))).toEqual(plain(filter));
      }),
      { numRuns: 500 },
    );
  });

  it('takes what it printed from a line of words as well', () => {
    fc.assert(
      fc.property(condition(anyText, true), (one) => {
        expect(parseTyped(`two dogs ${printFilter(one)} playing`)).toEqual({
          text: 'two dogs playing',
          leaveOut: [],
          filter: one,
        });
      }),
      { numRuns: 300 },
    );
  });

  const pieces = fc.array(
    fc.oneof(
      fc.constantFrom(
        '(',
        ')',
        '"',
        '-',
        ' ',
        ' or ',
        ' and ',
        'not ',
        ':',
        '>=',
        ',',
        '\\',
        'camera',
        'taken',
      ),
      fc.constantFrom('near:1,2,3km', 'width>3', 'has:gps', 'tag:"a b"', '2024-13', 'camra:x'),
      fc.string({ unit: 'binary', maxLength: 6 }),
    ),
    { maxLength: 30 },
  );

  it('refuses anything else by name and place, and never fails otherwise', () => {
    fc.assert(
      fc.property(pieces, (list) => {
        const source = list.join('');
        for (const parse of [parseFilter, parseTyped]) {
          try {
            const parsed = parse(source);
            checkFilter('text' in parsed ? (parsed.filter ?? { all: [] }) : parsed);
          } catch (error) {
            expect(error).toBeInstanceOf(SightlineError);
            const { code, details } = error as SightlineError;
            expect(code).toBe('ERR_FILTER_INVALID');
            expect(details['position']).toBeGreaterThanOrEqual(0);
            expect(details['position']).toBeLessThanOrEqual(source.length);
          }
        }
      }),
      { numRuns: 1000 },
    );
  });
});
