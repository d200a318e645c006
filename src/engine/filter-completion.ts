import { FIELD_NAMES, fieldNamed, FILTER_FIELDS } from '../core/filter-fields.js';
import { type Library, LISTED_FIELDS, type ListedField } from '../index/mod.js';

export interface Completion {
  /** What the typed line would become. */
  readonly line: string;
  /** The field or value that is offered. */
  readonly text: string;
  /** What a field is about, or how many items have the value. */
  readonly about: string;
}

const MOST = 20;
const UNFINISHED = /(^|[\s(-])([A-Za-z]*)$/;
const VALUE = /(^|[\s(-])([A-Za-z]+)(>=|<=|[:=<>])("?)([^\s"]*(?:(?<=")[^"]*)?)$/;

const quoted = (value: string): string =>
  /^[^\s()",\\]+$/.test(value) ? value : `"${value.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`;

/** What the line of words and conditions may go on with, at its end: fields, or values that the library has. */
export function completions(line: string, library: Library): Completion[] {
  const value = VALUE.exec(line);
  const field = value && fieldNamed(value[2] as string);
  if (value && field) {
    const [, , , , , typed = ''] = value;
    const start = line.slice(0, line.length - typed.length - (value[4]?.length ?? 0));
    const { choices = [] } = FILTER_FIELDS[field];
    const offered = choices
      .filter((choice) => choice.startsWith(typed.toLowerCase()))
      .map((text) => ({ text, about: '' }));
    const listed = LISTED_FIELDS.includes(field as ListedField)
      ? library.photos.values(field as ListedField, typed, MOST)
      : [];
    const found = listed.map(({ value: text, count }) => ({ text, about: String(count) }));
    return [...offered, ...found].map((one) => ({ ...one, line: `${start}${quoted(one.text)} ` }));
  }
  const [, , begun = ''] = UNFINISHED.exec(line) ?? [];
  if (begun === '') return [];
  const start = line.slice(0, line.length - begun.length);
  return FIELD_NAMES.filter((name) => name.startsWith(begun.toLowerCase())).map((name) => {
    const { sentence } = FILTER_FIELDS[name as keyof typeof FILTER_FIELDS];
    return { line: `${start}${name}:`, text: name, about: sentence };
  });
}
