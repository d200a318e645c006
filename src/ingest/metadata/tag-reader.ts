/**
 * The tags of EXIF, IPTC and XMP in a file's bytes: the only file that knows exifreader.
 *
 * Whatever is wrong with them, a photo is still a photo: nothing is thrown, what cannot be read is not there. And whatever
 * they hold, they cost a bounded time. XMP that declares a document type is not parsed at all (it never needs one, and
 * entities that multiply each other live there), only the tags asked for are decoded, and the parser is stopped after
 * half a second: it runs inside a `vm` script, because the time limit of such a script holds for everything it calls.
 */
import { createContext, Script } from 'node:vm';
import exifreader from 'exifreader';
import { JPEG_MARKER, jpegSegments } from '../../core/jpeg-segments.js';

/** A text, a list, or a structure. */
export type XmpValue = string | readonly XmpValue[] | { readonly [name: string]: XmpValue };

/** Numbers as they are in the file; a rational is a pair of them. */
export type ExifValue = number | string | readonly ExifValue[];

export interface Tags {
  readonly exif: Readonly<Record<string, ExifValue>>;
  readonly iptc: Readonly<Record<string, readonly string[]>>;
  readonly xmp: Readonly<Record<string, XmpValue>>;
}

export const NO_TAGS: Tags = { exif: {}, iptc: {}, xmp: {} };

const MEGABYTE = 1024 * 1024;

/** Long enough for the largest honest file, on a slow machine. */
const LIMIT_MS = 500;
/** Of a JPEG whose segments are damaged, what comes before its pixels is not known; this much of it is looked at. */
const JPEG_BYTES = 2 * MEGABYTE;
/** Other formats may keep them at their end. Of a file beyond this only the beginning is looked at. */
const OTHER_BYTES = 128 * MEGABYTE;
/** A sidecar that is larger holds something else: a depth map, a history of a thousand brush strokes. */
const MAX_XMP_BYTES = 4 * MEGABYTE;

const EXIF_TAGS = [
  'Make',
  'Model',
  'ImageDescription',
  'DateTime',
  'DateTimeOriginal',
  'DateTimeDigitized',
  'SubSecTime',
  'SubSecTimeOriginal',
  'SubSecTimeDigitized',
  'OffsetTime',
  'OffsetTimeOriginal',
  'OffsetTimeDigitized',
  'LensModel',
  'ISOSpeedRatings',
  'FNumber',
  'ApertureValue',
  'ExposureTime',
  'ShutterSpeedValue',
  'FocalLength',
  'GPSLatitude',
  'GPSLatitudeRef',
  'GPSLongitude',
  'GPSLongitudeRef',
  'GPSAltitude',
  'GPSAltitudeRef',
  'GPSDateStamp',
  'GPSTimeStamp',
];

const IPTC_TAGS = ['Object Name', 'Caption/Abstract', 'Headline', 'Keywords', 'Date Created', 'Time Created'];

const limited = createContext({ task: () => {} }) as { task: () => void };
const call = new Script('task()');

/** The reader prints remarks about odd files; here nobody wants them. What runs meanwhile is the reader alone. */
function quietly(task: () => void): void {
  const { console: terminal } = globalThis;
  const warn = terminal.warn.bind(terminal);
  terminal.warn = () => {};
  try {
    task();
  } finally {
    terminal.warn = warn;
  }
}

/** What `task` returns, or undefined where it fails or takes too long. */
function withinLimit<T>(task: () => T): T | undefined {
  let result: T | undefined;
  limited.task = () => {
    result = task();
  };
  try {
    quietly(() => call.runInContext(limited, { timeout: LIMIT_MS }));
    return result;
  } catch {
    return undefined;
  } finally {
    limited.task = () => {};
  }
}

function isJpeg(bytes: Uint8Array): boolean {
  return bytes[0] === 0xff && bytes[1] === 0xd8;
}

/** EXIF and XMP, and IPTC: what a JPEG says about itself lies in these. */
const TELLING: ReadonlySet<number> = new Set([JPEG_MARKER.app1, JPEG_MARKER.app13]);

/** The part of a picture that may hold tags; nothing where a JPEG's segments show that there are none. */
function tagged(bytes: Uint8Array): Uint8Array {
  if (!isJpeg(bytes)) return bytes.subarray(0, OTHER_BYTES);
  let isTelling = false;
  for (const { marker, start } of jpegSegments(bytes)) {
    if (TELLING.has(marker)) isTelling = true;
    if (marker === JPEG_MARKER.startOfScan) return bytes.subarray(0, isTelling ? start - 2 : 0);
  }
  return bytes.subarray(0, JPEG_BYTES);
}

const DECLARATION = /^<!(?:DOCTYPE|ENTITY)/i;

/** Whether the bytes declare an XML document type anywhere. */
function declaresType(bytes: Uint8Array): boolean {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let at = buffer.indexOf('<!'); at >= 0; at = buffer.indexOf('<!', at + 2)) {
    if (DECLARATION.test(buffer.toString('latin1', at, at + 9))) return true;
  }
  return false;
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function valueOf(tag: unknown): unknown {
  return isRecord(tag) && 'value' in tag && 'attributes' in tag ? tag['value'] : tag;
}

const isDefaultLanguage = (tag: unknown): boolean =>
  isRecord(tag) && isRecord(tag['attributes']) && tag['attributes']['lang'] === 'x-default';

/** Without the reader's attributes and descriptions; of alternatives in several languages, the default comes first. */
function plainXmp(tag: unknown): XmpValue {
  const value = valueOf(tag);
  if (typeof value === 'string') return value;
  if (Array.isArray(value)) {
    const elements: readonly unknown[] = value;
    return [...elements].toSorted((a, b) => +isDefaultLanguage(b) - +isDefaultLanguage(a)).map(plainXmp);
  }
  if (!isRecord(value)) return '';
  return Object.fromEntries(Object.entries(value).map(([name, child]) => [name, plainXmp(child)]));
}

function plainIptc(tag: unknown): string[] {
  const tags: readonly unknown[] = Array.isArray(tag) ? tag : [tag];
  return tags.flatMap((one) =>
    isRecord(one) && typeof one['description'] === 'string' ? [one['description']] : [],
  );
}

function mapped<T>(group: object | undefined, plain: (tag: unknown) => T): Record<string, T> {
  const entries: [string, unknown][] = Object.entries(group ?? {});
  return Object.fromEntries(
    entries.filter(([name]) => name !== '_raw').map(([name, tag]) => [name, plain(tag)]),
  );
}

function parsed(bytes: Uint8Array, withXmp: boolean): Tags | undefined {
  const includeTags = { exif: EXIF_TAGS, iptc: IPTC_TAGS, ...(withXmp && { xmp: true as const }) };
  return withinLimit(() => {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const { exif, iptc, xmp } = exifreader.loadView(view, { expanded: true, includeTags });
    return {
      exif: mapped(exif, (tag) => (isRecord(tag) ? (tag['value'] as ExifValue) : '')),
      iptc: mapped(iptc, plainIptc),
      xmp: mapped(xmp, plainXmp),
    };
  });
}

/** The tags in a picture's bytes. Never throws. */
export function readTags(bytes: Uint8Array): Tags {
  const looked = tagged(bytes);
  if (looked.length === 0) return NO_TAGS;
  const whole = declaresType(looked) ? undefined : parsed(looked, true);
  // XMP that is refused or never ends takes nothing else with it.
  return whole ?? parsed(looked, false) ?? NO_TAGS;
}

const PACKET = '<?xpacket begin="" id="W5M0MpCehiHzreSzNTczkc9d"?>';

/** The tags of an XMP document that is a file of its own; undefined where it is none. Never throws. */
export function readXmpDocument(bytes: Uint8Array): Tags | undefined {
  if (bytes.length > MAX_XMP_BYTES || declaresType(bytes)) return undefined;
  const text = new TextDecoder().decode(bytes);
  const start = text.search(/<(?:x:xmpmeta|rdf:RDF)\b/);
  if (start < 0) return undefined;
  const tags = parsed(Buffer.from(PACKET + text.slice(start)), true);
  return tags && Object.keys(tags.xmp).length > 0 ? tags : undefined;
}
