import fc from 'fast-check';
import {
  type Condition,
  type Filter,
  NUMBER_FIELDS,
  ORIENTATIONS,
  PROPERTIES,
  TEXT_FIELDS,
} from '#src/core/filter.js';

const comparison = fc.constantFrom('=' as const, '<' as const, '<=' as const, '>' as const, '>=' as const);
const two = (value: number): string => String(value).padStart(2, '0');

export const date: fc.Arbitrary<string> = fc
  .record({
    year: fc.integer({ min: 1990, max: 2030 }),
    month: fc.integer({ min: 1, max: 12 }),
    day: fc.integer({ min: 1, max: 28 }),
    hour: fc.integer({ min: 0, max: 23 }),
    minute: fc.integer({ min: 0, max: 59 }),
    parts: fc.integer({ min: 1, max: 4 }),
  })
  .map(({ year, month, day, hour, minute, parts }) =>
    [String(year), `-${two(month)}`, `-${two(day)}`, `T${two(hour)}:${two(minute)}`].slice(0, parts).join(''),
  );

/** @param values of text fields */
export function condition(values: fc.Arbitrary<string>, words: boolean): fc.Arbitrary<Condition> {
  const fields = TEXT_FIELDS.filter((field) => words || field !== 'words');
  return fc.oneof(
    fc.record({
      field: fc.constantFrom(...fields),
      op: fc.constantFrom(':' as const, '=' as const),
      value: values,
    }),
    fc.record({
      field: fc.constantFrom(...NUMBER_FIELDS),
      op: comparison,
      value: fc.oneof(fc.integer({ min: 0, max: 10 }), fc.constantFrom(50, 100, 2.8, 3000)),
    }),
    fc.record({ field: fc.constantFrom('taken' as const, 'added' as const), op: comparison, value: date }),
    fc.record({
      field: fc.constant('kind' as const),
      value: fc.constantFrom('photo' as const, 'caption' as const),
    }),
    fc.record({ field: fc.constant('orientation' as const), value: fc.constantFrom(...ORIENTATIONS) }),
    fc.record({ field: fc.constant('has' as const), value: fc.constantFrom(...PROPERTIES) }),
    fc.record({
      field: fc.constant('near' as const),
      latitude: fc.integer({ min: -90, max: 90 }),
      longitude: fc.integer({ min: -180, max: 180 }),
      kilometres: fc.constantFrom(1, 100, 5000, 0.5),
    }),
    fc
      .tuple(...[90, 180, 90, 180].map((most) => fc.integer({ min: -most, max: most })))
      .map(([a = 0, west = 0, b = 0, east = 0]) => {
        return { field: 'within' as const, south: Math.min(a, b), west, north: Math.max(a, b), east };
      }),
  );
}

export function filters(leaf: fc.Arbitrary<Condition>): fc.Arbitrary<Filter> {
  return fc.letrec<{ filter: Filter }>((tie) => ({
    filter: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      leaf,
      fc.record({ all: fc.array(tie('filter'), { maxLength: 3 }) }),
      fc.record({ any: fc.array(tie('filter'), { maxLength: 3 }) }),
      fc.record({ not: tie('filter') }),
    ),
  })).filter;
}
