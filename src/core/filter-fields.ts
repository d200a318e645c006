/** The fields of the filter language: one table for its parser, its completion and its documentation. */
import { ITEM_KINDS } from './item.js';
import { ORIENTATIONS, PROPERTIES, type Condition } from './filter.js';

export type FieldName = Condition['field'];

export interface FilterField {
  /** `choice`: one of a few words. `place`: numbers separated by commas. */
  readonly type: 'text' | 'number' | 'date' | 'choice' | 'place';
  /** Text fields of which `:` means the whole value instead of a part of it. */
  readonly whole?: true;
  readonly choices?: readonly string[];
  /** Units a number may carry, and what each stands for. */
  readonly units?: Readonly<Record<string, number>>;
  readonly sentence: string;
  readonly example: string;
}

const BYTES = { b: 1, k: 1e3, kb: 1e3, m: 1e6, mb: 1e6, g: 1e9, gb: 1e9 };

export const FILTER_FIELDS: Readonly<Record<FieldName, FilterField>> = {
  folder: {
    type: 'text',
    whole: true,
    sentence: 'a folder it lies in, at any depth, by name, by names joined with /, or by its absolute path',
    example: 'folder:holidays',
  },
  name: { type: 'text', sentence: 'a part of the file name', example: 'name:IMG_12*' },
  ext: { type: 'text', whole: true, sentence: 'the ending of the file name', example: 'ext:jpg' },
  format: { type: 'text', whole: true, sentence: 'what the file really is', example: 'format:jpeg' },
  kind: { type: 'choice', choices: ITEM_KINDS, sentence: 'photos or captions', example: 'kind:photo' },
  taken: {
    type: 'date',
    sentence: 'when it was taken, by the clock of the place',
    example: 'taken>=2024-01',
  },
  added: { type: 'date', sentence: 'when it came into the library', example: 'added:2024-05-31' },
  camera: { type: 'text', sentence: 'a part of the name of the camera', example: 'camera:Leica' },
  lens: { type: 'text', sentence: 'a part of the name of the lens', example: 'lens:"50mm f/1.4"' },
  iso: { type: 'number', sentence: 'sensitivity', example: 'iso>=1600' },
  aperture: { type: 'number', units: {}, sentence: 'f-number', example: 'aperture<2.8' },
  focal: { type: 'number', units: { mm: 1 }, sentence: 'focal length in millimetres', example: 'focal>200' },
  width: { type: 'number', units: { px: 1 }, sentence: 'pixels, upright', example: 'width>3000' },
  height: { type: 'number', units: { px: 1 }, sentence: 'pixels, upright', example: 'height<=1080' },
  orientation: {
    type: 'choice',
    choices: ORIENTATIONS,
    sentence: 'higher than wide, wider than high, or neither',
    example: 'orientation:portrait',
  },
  size: { type: 'number', units: BYTES, sentence: 'bytes of the file', example: 'size>2MB' },
  near: {
    type: 'place',
    sentence: 'taken around a place: latitude, longitude, distance in km, m or mi',
    example: 'near:48.1,11.5,10km',
  },
  within: {
    type: 'place',
    sentence: 'taken inside a box: south, west, north, east',
    example: 'within:47,5,55,15',
  },
  altitude: { type: 'number', units: { m: 1 }, sentence: 'metres above the sea', example: 'altitude>2000' },
  tag: { type: 'text', whole: true, sentence: 'a keyword it has', example: 'tag:family' },
  person: { type: 'text', whole: true, sentence: 'somebody named in it', example: 'person:"Ada L*"' },
  rating: { type: 'number', sentence: 'stars, 0 to 5', example: 'rating>=4' },
  title: { type: 'text', sentence: 'a part of the title', example: 'title:harvest' },
  description: { type: 'text', sentence: 'a part of the description', example: 'description:grandma' },
  words: {
    type: 'text',
    sentence: 'words next to each other in anything written about it',
    example: 'words:"golden gate"',
  },
  has: { type: 'choice', choices: PROPERTIES, sentence: 'whether it has any', example: 'has:gps' },
};

/** Words people use for a field. */
export const FIELD_ALIASES: Readonly<Record<string, FieldName>> = {
  keyword: 'tag',
  people: 'person',
  date: 'taken',
  extension: 'ext',
  file: 'name',
  path: 'folder',
  type: 'format',
  text: 'words',
};

export const FIELD_NAMES: readonly string[] = Object.keys(FILTER_FIELDS);

export function fieldNamed(name: string): FieldName | undefined {
  const lower = name.toLowerCase();
  if (Object.hasOwn(FILTER_FIELDS, lower)) return lower as FieldName;
  return Object.hasOwn(FIELD_ALIASES, lower) ? FIELD_ALIASES[lower] : undefined;
}
