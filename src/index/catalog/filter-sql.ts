/**
 * Filters as SQL. Whatever a person wrote travels as a parameter; the text of a statement is made of the pieces below alone.
 *
 * Conditions on other tables have two forms. To find all items of a filter, the other table is searched once and its ids
 * are looked up (`scan`). To ask which of a few candidates fit, each candidate is looked up in the other table (`check`).
 * The wrong form costs a walk through the whole table for every question.
 *
 * What is unknown is never true: a photo without a width is not wider than 3000, and not not wider either way round; so
 * everything below a `not` is first made plainly true or false.
 */
import type { Comparison, Condition, DateField, Filter, Property, TextCondition } from '../../core/filter.js';
import { type Calendar, type Period, periodOf } from '../../core/filter-dates.js';
import type { ItemKind } from '../../core/item.js';
import { phraseQuery, wordTable } from './words-query.js';

export type FilterForm = 'scan' | 'check';

export interface FilterSql {
  /** An expression over `items` and `facts`, its photo_metadata. */
  readonly sql: string;
  readonly parameters: readonly (string | number)[];
}

/** A JavaScript function of the connection: LIKE beyond ASCII. */
export const UNICODE_LIKE = 'sightline_like';

const TRUE: FilterSql = { sql: '1', parameters: [] };
const FALSE: FilterSql = { sql: '0', parameters: [] };

const NUMBER_COLUMNS = {
  width: 'items.width',
  height: 'items.height',
  size: 'items.bytes',
  rating: 'facts.rating',
  iso: 'facts.iso',
  aperture: 'facts.aperture',
  focal: 'facts.focal_length',
  altitude: 'facts.altitude',
} as const;

/** By the clock of the place where the photo was taken. The index is on exactly this expression. */
export const WALL_CLOCK = 'facts.taken_at + coalesce(facts.taken_offset, 0) * 60000';

const DATE_COLUMNS = { taken: WALL_CLOCK, added: 'items.added_at' } as const;
const CALENDARS = { taken: 'wall', added: 'local' } as const satisfies Record<string, Calendar>;

const ORIENTATION_SQL = {
  portrait: 'items.height > items.width',
  landscape: 'items.width > items.height',
  square: 'items.width = items.height',
} as const;

const EARTH_RADIUS_KM = 6371.0088;
const KM_PER_DEGREE = (Math.PI / 180) * EARTH_RADIUS_KM;

export function compileFilter(filter: Filter, kind: ItemKind, form: FilterForm): FilterSql {
  const compile = (one: Filter, plain: boolean): FilterSql => {
    if ('field' in one) {
      const leaf = condition(one, kind, form);
      return plain ? { ...leaf, sql: `((${leaf.sql}) IS TRUE)` } : leaf;
    }
    if ('not' in one) {
      const inner = compile(one.not, true);
      return { ...inner, sql: `(NOT ${inner.sql})` };
    }
    const [list, word, none] =
      'all' in one ? ([one.all, 'AND', TRUE] as const) : ([one.any, 'OR', FALSE] as const);
    if (list.length === 0) return none;
    const parts = list.map((part) => compile(part, plain));
    return {
      sql: `(${parts.map(({ sql }) => sql).join(` ${word} `)})`,
      parameters: parts.flatMap(({ parameters }) => parameters),
    };
  };
  return compile(filter, false);
}

function condition(one: Condition, kind: ItemKind, form: FilterForm): FilterSql {
  switch (one.field) {
    case 'kind':
      return one.value === kind ? TRUE : FALSE;
    case 'orientation':
      return { sql: ORIENTATION_SQL[one.value], parameters: [] };
    case 'has':
      return { sql: propertySql(one.value, form), parameters: [] };
    case 'taken':
    case 'added':
      return dateSql(one.field, one.op, periodOf(one.value, CALENDARS[one.field]));
    case 'near':
      return nearSql(one.latitude, one.longitude, one.kilometres);
    case 'within':
      return withinSql(one.south, one.west, one.north, one.east);
    case 'width':
    case 'height':
    case 'size':
    case 'rating':
    case 'iso':
    case 'aperture':
    case 'focal':
    case 'altitude':
      return { sql: `${NUMBER_COLUMNS[one.field]} ${one.op} ?`, parameters: [one.value] };
    default:
      return textSql(one, kind, form);
  }
}

function dateSql(field: DateField, op: Comparison, { start, end }: Period): FilterSql {
  const column = DATE_COLUMNS[field];
  // Said again, because the index holds those alone that have a time.
  const known = field === 'taken' ? 'facts.taken_at IS NOT NULL AND ' : '';
  const than = (comparison: string, bound: number): FilterSql => {
    return { sql: `(${known}${column} ${comparison} ?)`, parameters: [bound] };
  };
  switch (op) {
    case '<':
      return than('<', start);
    case '<=':
      return than('<', end);
    case '>':
      return than('>=', end);
    case '>=':
      return than('>=', start);
    default:
      return { sql: `(${known}${column} >= ? AND ${column} < ?)`, parameters: [start, end] };
  }
}

/** Great-circle distance; the band of latitudes in front of it is what an index can help with. */
function nearSql(latitude: number, longitude: number, kilometres: number): FilterSql {
  const band = kilometres / KM_PER_DEGREE + 1e-9;
  const distance = `2 * ${EARTH_RADIUS_KM} * asin(min(1.0, sqrt(
    pow(sin(radians(facts.latitude - ?) / 2), 2) +
    cos(radians(?)) * cos(radians(facts.latitude)) * pow(sin(radians(facts.longitude - ?) / 2), 2))))`;
  return {
    sql: `(facts.latitude BETWEEN ? AND ? AND ${distance} <= ?)`,
    parameters: [latitude - band, latitude + band, latitude, latitude, longitude, kilometres],
  };
}

function withinSql(south: number, west: number, north: number, east: number): FilterSql {
  const longitudes =
    west <= east ? 'facts.longitude BETWEEN ? AND ?' : '(facts.longitude >= ? OR facts.longitude <= ?)';
  return {
    sql: `(facts.latitude BETWEEN ? AND ? AND ${longitudes})`,
    parameters: [south, north, west, east],
  };
}

/** Items to which a row of another table leads. */
function related(table: string, column: string, where: string, form: FilterForm): string {
  return form === 'scan'
    ? `items.id IN (SELECT ${column} FROM ${table} WHERE ${where})`
    : `EXISTS (SELECT 1 FROM ${table} WHERE ${column} = items.id AND ${where})`;
}

function propertySql(property: Property, form: FilterForm): string {
  switch (property) {
    case 'gps':
      return 'facts.latitude IS NOT NULL';
    case 'date':
      return 'facts.taken_at IS NOT NULL';
    case 'rating':
      return 'facts.rating > 0';
    case 'caption':
      return related('photo_captions', 'photo_id', '1', form);
    case 'tag':
      return related('photo_tags', 'photo_tags.item_id', "photo_tags.kind = 'keyword'", form);
    case 'person':
      return related('photo_tags', 'photo_tags.item_id', "photo_tags.kind = 'person'", form);
    default:
      return `facts.${property} IS NOT NULL`;
  }
}

const TAG_KINDS = { tag: 'keyword', person: 'person' } as const;

function textSql({ field, op, value }: TextCondition, kind: ItemKind, form: FilterForm): FilterSql {
  switch (field) {
    case 'camera':
    case 'lens':
    case 'title':
    case 'description':
      return likeSql(`facts.${field}`, op === '=' ? patternOf(value) : partOf(value));
    case 'format':
      return likeSql('items.format', patternOf(value));
    case 'tag':
    case 'person': {
      const { sql, parameters } = likeSql('photo_tags.tag', patternOf(value));
      const where = `photo_tags.kind = '${TAG_KINDS[field]}' AND ${sql}`;
      return { sql: related('photo_tags', 'photo_tags.item_id', where, form), parameters };
    }
    case 'words': {
      const query = phraseQuery(value);
      const table = wordTable(kind);
      // A word index answers quickly either way.
      const sql = `items.id IN (SELECT rowid FROM ${table} WHERE ${table} MATCH ?)`;
      return query === undefined ? FALSE : { sql, parameters: [query] };
    }
    default: {
      const table = kind === 'photo' ? 'files' : 'mentions';
      const { sql, parameters } = pathSql(`${table}.path`, field, op, value);
      return { sql: related(table, `${table}.item_id`, sql, form), parameters };
    }
  }
}

/** What stands behind the last slash. */
export const baseName = (column: string): string =>
  `substr(${column}, length(rtrim(${column}, replace(${column}, '/', ''))) + 1)`;

function pathSql(column: string, field: 'folder' | 'name' | 'ext', op: string, value: string): FilterSql {
  if (field === 'name') return likeSql(baseName(column), op === '=' ? patternOf(value) : partOf(value));
  if (field === 'ext') return likeSql(column, `%.${escaped(value)}`);
  const folder = value.length > 1 ? value.replace(/\/+$/, '') : value;
  if (folder.startsWith('/') && !/[*?]/.test(folder)) {
    // '0' follows '/': the range is what begins with the folder, and the primary key finds it.
    const prefix = folder === '/' ? '' : folder;
    return { sql: `(${column} >= ? AND ${column} < ?)`, parameters: [`${prefix}/`, `${prefix}0`] };
  }
  return likeSql(column, `${folder.startsWith('/') ? '' : '%/'}${patternOf(folder)}/%`);
}

const escaped = (text: string): string => text.replace(/[\\%_]/g, '\\$&');
/** The whole value, with `*` and `?` as people write them. */
const patternOf = (value: string): string => escaped(value).replaceAll('*', '%').replaceAll('?', '_');
const partOf = (value: string): string => (/[*?]/.test(value) ? patternOf(value) : `%${escaped(value)}%`);

/**
 * SQLite's own LIKE ignores the case of ASCII letters only, and takes a letter with a combining mark for two; it is much
 * quicker than a function of ours, and right for all but such patterns.
 */
function likeSql(column: string, pattern: string): FilterSql {
  if (/^[\x20-\x7e]*$/.test(pattern) && !/(?<!\\)_/.test(pattern)) {
    // An equality can use an index where a pattern cannot.
    if (!/[%_\\]/.test(pattern)) return { sql: `${column} = ? COLLATE NOCASE`, parameters: [pattern] };
    return { sql: `${column} LIKE ? ESCAPE '\\'`, parameters: [pattern] };
  }
  return { sql: `${UNICODE_LIKE}(?, ${column})`, parameters: [pattern.normalize('NFC').toLowerCase()] };
}
