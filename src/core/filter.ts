/**
 * Filters: which items a search may find at all. One tree with two spellings: this JSON form, which the API takes, and the
 * short language of filter-parser.ts, which people type.
 */
import type { ItemKind } from './item.js';

/** `=` is the whole value, `:` what people mean by it: a part of a name, a day of a year. */
export type TextOperator = ':' | '=';
export type Comparison = '=' | '<' | '<=' | '>' | '>=';

export const TEXT_FIELDS = [
  'folder',
  'name',
  'ext',
  'format',
  'camera',
  'lens',
  'tag',
  'person',
  'title',
  'description',
  'words',
] as const;
export type TextField = (typeof TEXT_FIELDS)[number];

export const NUMBER_FIELDS = [
  'width',
  'height',
  'size',
  'rating',
  'iso',
  'aperture',
  'focal',
  'altitude',
] as const;
export type NumberField = (typeof NUMBER_FIELDS)[number];

export const DATE_FIELDS = ['taken', 'added'] as const;
export type DateField = (typeof DATE_FIELDS)[number];

export const ORIENTATIONS = ['portrait', 'landscape', 'square'] as const;
export type Orientation = (typeof ORIENTATIONS)[number];

/** What an item may have or lack. */
export const PROPERTIES = [
  'gps',
  'caption',
  'tag',
  'person',
  'rating',
  'date',
  'camera',
  'title',
  'description',
] as const;
export type Property = (typeof PROPERTIES)[number];

export interface TextCondition {
  readonly field: TextField;
  readonly op: TextOperator;
  /** Letter case does not matter; `*` stands for anything, `?` for one character. */
  readonly value: string;
}

export interface NumberCondition {
  readonly field: NumberField;
  readonly op: Comparison;
  /** Pixels, bytes, stars, millimetres or metres. */
  readonly value: number;
}

export interface DateCondition {
  readonly field: DateField;
  readonly op: Comparison;
  /** A year, month, day or minute: `2024`, `2024-01`, `2024-01-31`, `2024-01-31T18:30`. `=` is within, `>` after its end. */
  readonly value: string;
}

export interface KindCondition {
  readonly field: 'kind';
  readonly value: ItemKind;
}

export interface OrientationCondition {
  readonly field: 'orientation';
  readonly value: Orientation;
}

export interface HasCondition {
  readonly field: 'has';
  readonly value: Property;
}

/** Taken within a circle. */
export interface NearCondition {
  readonly field: 'near';
  /** Degrees north and east. */
  readonly latitude: number;
  readonly longitude: number;
  readonly kilometres: number;
}

/** Taken within a box; one whose west lies east of its east crosses the 180th meridian. */
export interface WithinCondition {
  readonly field: 'within';
  readonly south: number;
  readonly west: number;
  readonly north: number;
  readonly east: number;
}

export type Condition =
  | TextCondition
  | NumberCondition
  | DateCondition
  | KindCondition
  | OrientationCondition
  | HasCondition
  | NearCondition
  | WithinCondition;

/** An empty `all` is true of every item, an empty `any` of none. */
export type Filter =
  | Condition
  | { readonly all: readonly Filter[] }
  | { readonly any: readonly Filter[] }
  | { readonly not: Filter };

/** Both, where there are both. */
export function both(a: Filter | undefined, b: Filter | undefined): Filter | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  return { all: [a, b] };
}
