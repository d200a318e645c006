/** Values of the filter language: what a field takes, what a unit stands for, and what a faulty value was meant to be. */
import {
  type Comparison,
  type Condition,
  type DateField,
  type Filter,
  type NumberField,
  type Orientation,
  type Property,
  type TextField,
} from './filter.js';
import { dateFault } from './filter-dates.js';
import { FILTER_FIELDS, type FieldName } from './filter-fields.js';
import { filterFault, type Head, type Value } from './filter-scanner.js';
import type { ItemKind } from './item.js';
import { likelyName } from './typo.js';

const NUMBER = /^([+-]?(?:\d+(?:\.\d+)?|\.\d+)(?:e[+-]?\d+)?)\s*([a-z]*)$/i;
const APERTURE = /^f\/?/i;
const KILOMETRES: Readonly<Record<string, number>> = { '': 1, km: 1, m: 0.001, mi: 1.609344 };

/** @throws ERR_FILTER_INVALID */
export function conditionOf(source: string, field: FieldName, head: Head, value: Value): Filter {
  const { type } = FILTER_FIELDS[field];
  const pieces = type === 'date' || type === 'number' || type === 'place' ? [value] : split(value);
  const conditions = pieces.map((piece) => one(source, field, head, piece));
  return conditions.length === 1 ? (conditions[0] as Filter) : { any: conditions };
}

/** `ext:jpg,png` is either. In quotes a comma is a comma. */
function split(value: Value): Value[] {
  if (value.quoted) return [value];
  let start = value.start;
  return value.text.split(',').map((text) => {
    const piece = { text, quoted: false, start, end: start + text.length };
    start = piece.end + 1;
    return piece;
  });
}

function one(source: string, field: FieldName, head: Head, value: Value): Condition {
  if (value.text === '') throw filterFault(source, value, `the value of ${field} is empty`);
  const { type } = FILTER_FIELDS[field];
  if (type === 'number') {
    return { field: field as NumberField, op: comparison(head), value: numberOf(source, field, value) };
  }
  if (type === 'date') {
    return { field: field as DateField, op: comparison(head), value: dateOf(source, value) };
  }
  const { op } = head;
  if (op !== ':' && op !== '=') {
    const span = { start: head.end - op.length, end: head.end };
    throw filterFault(source, span, `${field} has no order that could be compared`, ':');
  }
  if (type === 'text') return { field: field as TextField, op, value: value.text };
  if (type === 'choice') return choice(source, field, value);
  return field === 'near' ? near(source, value) : within(source, value);
}

const comparison = ({ op }: Head): Comparison => (op === ':' ? '=' : (op as Comparison));

function numberOf(source: string, field: FieldName, value: Value): number {
  const { units = {}, example } = FILTER_FIELDS[field];
  const text = field === 'aperture' ? value.text.replace(APERTURE, '') : value.text;
  const [, digits, unit = ''] = NUMBER.exec(text) ?? [];
  const factor = unit === '' ? 1 : units[unit.toLowerCase()];
  const number = Number(digits) * (factor ?? 1);
  if (digits === undefined || !Number.isFinite(number)) {
    const digitsOnly = /\d+(?:[.,]\d+)?/.exec(text)?.[0].replace(',', '.');
    throw filterFault(source, value, `${field} is a number, as in ${example}`, digitsOnly);
  }
  if (factor === undefined) {
    const known = Object.keys(units);
    const reason =
      known.length === 0 ? `${field} takes no unit` : `the units of ${field} are ${known.join(', ')}`;
    throw filterFault(source, value, reason, digits);
  }
  return number;
}

function dateOf(source: string, value: Value): string {
  const fault = dateFault(value.text);
  if (fault) throw filterFault(source, value, fault.reason, fault.likely);
  return value.text.replace(' ', 'T');
}

function choice(source: string, field: FieldName, value: Value): Condition {
  const { choices = [] } = FILTER_FIELDS[field];
  const chosen = value.text.toLowerCase();
  if (!choices.includes(chosen)) {
    const reason = `${field} is one of ${choices.join(', ')}`;
    throw filterFault(source, value, reason, likelyName(chosen, choices));
  }
  if (field === 'kind') return { field, value: chosen as ItemKind };
  if (field === 'orientation') return { field, value: chosen as Orientation };
  return { field: 'has', value: chosen as Property };
}

function degrees(source: string, value: Value, text: string, most: number): number {
  const number = text.trim() === '' ? Number.NaN : Number(text);
  if (Math.abs(number) <= most) return number;
  throw filterFault(
    source,
    value,
    `${text.trim() || 'nothing'} is no number of degrees from -${most} to ${most}`,
  );
}

function near(source: string, value: Value): Condition {
  const [latitude, longitude, distance, ...rest] = value.text.split(',');
  if (latitude === undefined || longitude === undefined || distance === undefined || rest.length > 0) {
    throw filterFault(source, value, 'a place is latitude,longitude,distance as in near:48.1,11.5,10km');
  }
  const [, digits, unit = ''] = NUMBER.exec(distance.trim()) ?? [];
  const factor = KILOMETRES[unit.toLowerCase()];
  const kilometres = Number(digits) * (factor ?? Number.NaN);
  if (!(kilometres > 0) || !Number.isFinite(kilometres)) {
    throw filterFault(source, value, `${distance.trim()} is no distance; write 10km, 500m or 3mi`);
  }
  return {
    field: 'near',
    latitude: degrees(source, value, latitude, 90),
    longitude: degrees(source, value, longitude, 180),
    kilometres,
  };
}

function within(source: string, value: Value): Condition {
  const [south = '', west = '', north = '', east = '', ...rest] = value.text.split(',');
  if (east === '' || rest.length > 0) {
    throw filterFault(source, value, 'a box is south,west,north,east as in within:47,5,55,15');
  }
  const box = {
    field: 'within',
    south: degrees(source, value, south, 90),
    west: degrees(source, value, west, 180),
    north: degrees(source, value, north, 90),
    east: degrees(source, value, east, 180),
  } as const;
  if (box.south <= box.north) return box;
  const likely = [north, west, south, east].join(',');
  throw filterFault(source, value, 'its south lies north of its north', likely);
}
