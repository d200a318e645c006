/** The plain twin of the filter SQL: an item at a time, in words that are obviously what the language promises. */
import type { Condition, Filter } from '#src/core/filter.js';
import { periodOf } from '#src/core/filter-dates.js';
import type { Photo } from '#src/core/item.js';

export interface Subject {
  readonly photo: Photo;
  readonly paths: readonly string[];
  readonly captions: readonly string[];
}

const EARTH_RADIUS_KM = 6371.0088;
const radians = (degrees: number): number => (degrees * Math.PI) / 180;

function kilometres(a: readonly [number, number], b: readonly [number, number]): number {
  const [p, q] = [a, b].map(([latitude, longitude]) => {
    const [phi, lambda] = [radians(latitude), radians(longitude)];
    return [Math.cos(phi) * Math.cos(lambda), Math.cos(phi) * Math.sin(lambda), Math.sin(phi)] as const;
  }) as [readonly [number, number, number], readonly [number, number, number]];
  // The chord, because an arc cosine is blunt for neighbours.
  const chord = Math.hypot(p[0] - q[0], p[1] - q[1], p[2] - q[2]);
  return 2 * EARTH_RADIUS_KM * Math.asin(Math.min(1, chord / 2));
}

function like(text: string, pattern: string, part: boolean): boolean {
  const source = Array.from(pattern)
    .map((letter) =>
      letter === '*' ? '.*' : letter === '?' ? '.' : letter.replace(/[$^*+?.()|[\]{}\\/]/, '\\$&'),
    )
    .join('');
  const whole = part && !/[*?]/.test(pattern) ? `.*${source}.*` : source;
  return new RegExp(`^${whole.normalize('NFC').toLowerCase()}$`, 'su').test(
    text.normalize('NFC').toLowerCase(),
  );
}

const nameOf = (path: string): string => path.split('/').at(-1) as string;

function compare(value: number | null, op: string, than: number): boolean {
  if (value === null) return false;
  return {
    '=': value === than,
    '<': value < than,
    '<=': value <= than,
    '>': value > than,
    '>=': value >= than,
  }[op] as boolean;
}

function written(
  one: Condition & { readonly op: string; readonly value: string },
  { photo, paths }: Subject,
): boolean {
  const { camera, lens, title, description, keywords, people } = photo.metadata;
  const part = one.op === ':';
  const any = (values: readonly (string | null)[], partly: boolean): boolean =>
    values.some((value) => value !== null && like(value, one.value, partly));
  switch (one.field) {
    case 'camera':
      return any([camera], part);
    case 'lens':
      return any([lens], part);
    case 'title':
      return any([title], part);
    case 'description':
      return any([description], part);
    case 'format':
      return any([photo.format], false);
    case 'tag':
      return any(keywords, false);
    case 'person':
      return any(people, false);
    case 'name':
      return any(paths.map(nameOf), part);
    case 'ext':
      return paths.some((path) => path.toLowerCase().endsWith(`.${one.value.toLowerCase()}`));
    case 'folder': {
      const folder = one.value.length > 1 ? one.value.replace(/\/+$/, '') : one.value;
      if (folder.startsWith('/') && !/[*?]/.test(folder)) {
        const prefix = folder === '/' ? '/' : `${folder}/`;
        return paths.some((path) => path.startsWith(prefix));
      }
      return paths.some((path) =>
        like(path, folder.startsWith('/') ? `${folder}/*` : `*/${folder}/*`, false),
      );
    }
    default:
      throw new Error(`no twin for ${one.field}`);
  }
}

function dated(
  one: Condition & { readonly op: string; readonly value: string },
  { photo }: Subject,
): boolean {
  const { takenAt, takenOffset } = photo.metadata;
  const isTaken = one.field === 'taken';
  const at = isTaken ? takenAt && takenAt.getTime() + (takenOffset ?? 0) * 60_000 : photo.addedAt.getTime();
  if (at === null) return false;
  const { start, end } = periodOf(one.value, isTaken ? 'wall' : 'local');
  return {
    '=': at >= start && at < end,
    '<': at < start,
    '<=': at < end,
    '>': at >= end,
    '>=': at >= start,
  }[one.op] as boolean;
}

function holds(one: Condition, subject: Subject): boolean {
  const { photo, captions } = subject;
  const { metadata, width, height } = photo;
  const { latitude, longitude } = metadata;
  switch (one.field) {
    case 'kind':
      return one.value === 'photo';
    case 'orientation':
      return one.value === (height > width ? 'portrait' : width > height ? 'landscape' : 'square');
    case 'has':
      return {
        gps: latitude !== null,
        caption: captions.length > 0,
        tag: metadata.keywords.length > 0,
        person: metadata.people.length > 0,
        rating: (metadata.rating ?? 0) > 0,
        date: metadata.takenAt !== null,
        camera: metadata.camera !== null,
        title: metadata.title !== null,
        description: metadata.description !== null,
      }[one.value];
    case 'near':
      if (latitude === null || longitude === null) return false;
      return kilometres([latitude, longitude], [one.latitude, one.longitude]) <= one.kilometres;
    case 'within': {
      if (latitude === null || longitude === null) return false;
      const across =
        one.west <= one.east
          ? longitude >= one.west && longitude <= one.east
          : longitude >= one.west || longitude <= one.east;
      return latitude >= one.south && latitude <= one.north && across;
    }
    case 'taken':
    case 'added':
      return dated(one, subject);
    case 'width':
      return compare(width, one.op, one.value);
    case 'height':
      return compare(height, one.op, one.value);
    case 'size':
      return compare(photo.bytes, one.op, one.value);
    case 'rating':
    case 'iso':
    case 'aperture':
    case 'altitude':
      return compare(metadata[one.field], one.op, one.value);
    case 'focal':
      return compare(metadata.focalLength, one.op, one.value);
    default:
      return written(one, subject);
  }
}

export function accepts(filter: Filter, subject: Subject): boolean {
  if ('field' in filter) return holds(filter, subject);
  if ('not' in filter) return !accepts(filter.not, subject);
  if ('all' in filter) return filter.all.every((one) => accepts(one, subject));
  return filter.any.some((one) => accepts(one, subject));
}
