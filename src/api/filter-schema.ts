/** Filters as clients send them: in the short language, or as the tree that it stands for. */
import { z } from 'zod';
import {
  type Condition,
  DATE_FIELDS,
  type Filter,
  NUMBER_FIELDS,
  ORIENTATIONS,
  PROPERTIES,
  TEXT_FIELDS,
} from '../core/filter.js';
import { parseFilter } from '../core/filter-parser.js';
import { ITEM_KINDS } from '../core/item.js';

const comparison = z.enum(['=', '<', '<=', '>', '>=']);
const latitude = z.number().min(-90).max(90);
const longitude = z.number().min(-180).max(180);

const condition: z.ZodType<Condition> = z
  .discriminatedUnion('field', [
    z.strictObject({
      field: z.enum(TEXT_FIELDS),
      op: z.enum([':', '=']),
      value: z.string().describe('Letter case does not matter; * stands for anything, ? for one character.'),
    }),
    z.strictObject({ field: z.enum(NUMBER_FIELDS), op: comparison, value: z.number() }),
    z.strictObject({
      field: z.enum(DATE_FIELDS),
      op: comparison,
      value: z.string().describe('2024, 2024-01, 2024-01-31 or 2024-01-31T18:30.'),
    }),
    z.strictObject({ field: z.literal('kind'), value: z.enum(ITEM_KINDS) }),
    z.strictObject({ field: z.literal('orientation'), value: z.enum(ORIENTATIONS) }),
    z.strictObject({ field: z.literal('has'), value: z.enum(PROPERTIES) }),
    z.strictObject({
      field: z.literal('near'),
      latitude,
      longitude,
      kilometres: z.number().positive(),
    }),
    z.strictObject({
      field: z.literal('within'),
      south: latitude,
      west: longitude,
      north: latitude,
      east: longitude,
    }),
  ])
  .meta({ id: 'Condition' });

const tree: z.ZodType<Filter> = z
  .lazy(() =>
    z.union([
      condition,
      z.strictObject({ all: z.array(tree) }),
      z.strictObject({ any: z.array(tree) }),
      z.strictObject({ not: tree }),
    ]),
  )
  .meta({ id: 'Filter', description: 'One condition, or conditions joined by all, any and not.' });

/** As a form or an address carries it: JSON where it begins as JSON does. */
const structure = (value: unknown): unknown => {
  if (typeof value !== 'string' || !value.trimStart().startsWith('{')) return value;
  try {
    return JSON.parse(value) as unknown;
  } catch {
    return value;
  }
};

export type FilterRequest = string | Filter;

export const filterField: z.ZodType<FilterRequest> = z
  .preprocess(structure, z.union([z.string(), tree]))
  .describe('Conditions, as in `camera:Leica taken>2024-01 (rating>=4 or tag:family)`, or as a tree.');

/** @throws ERR_FILTER_INVALID naming the place */
export function filterOf(filter: FilterRequest | undefined): Filter | undefined {
  return typeof filter === 'string' ? parseFilter(filter) : filter;
}
