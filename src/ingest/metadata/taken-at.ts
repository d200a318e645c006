/**
 * When a photo was taken. Files say it in up to seven places, which disagree once they have been scanned, edited or sent
 * around; the first that can be read wins, and the places stand in the order in which they are trusted:
 *
 *   1. EXIF DateTimeOriginal       the shutter             4. IPTC DateCreated
 *   2. XMP DateTimeOriginal        the same, corrected     5. the date of the GPS fix, in UTC
 *   3. EXIF DateTimeDigitized,     the scanner, or         6. EXIF DateTime, the last edit of a camera's file
 *      XMP CreateDate, DateCreated the program             7. the file's name, as phones and messengers write it
 *
 * A date needs an offset from UTC to be a moment. It is taken from the tag beside it; failing that, from the distance of the
 * camera's clock to the GPS fix, rounded to the quarter hours that time zones come in. Without either, the clock is read as
 * if it showed UTC: "in May 2019" is then still right. The file's modification time is never used: copying changes it.
 */
import type { ExifValue, Tags, XmpValue } from './tag-reader.js';

export interface Taken {
  readonly takenAt: Date | null;
  readonly takenOffset: number | null;
}

const UNKNOWN: Taken = { takenAt: null, takenOffset: null };
const MINUTE = 60_000;
/** Time zones are whole quarters of an hour, from −12:00 to +14:00. */
const QUARTER = 15;
const MAX_OFFSET = 14 * 60;
/** A GPS fix is seldom older than this when the shutter opens. */
const STALE_FIX_MINUTES = 5;

/** The clock's reading as if it were UTC; null for what is no date, as cameras with an unset clock write it. */
function clock(parts: readonly (string | undefined)[], fraction = ''): number | null {
  const [year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0] = parts.map((part) =>
    part === undefined ? undefined : Number(part),
  );
  const milliseconds = fraction === '' ? 0 : Math.floor(Number(`0.${fraction}`) * 1000);
  const time = Date.UTC(year, month - 1, day, hour, minute, Math.min(second, 59), milliseconds);
  const date = new Date(time);
  const exists = date.getUTCMonth() === month - 1 && date.getUTCDate() === day && date.getUTCHours() === hour;
  return exists && year >= 1800 && year <= 2200 ? time : null;
}

function offsetMinutes(text: string | undefined): number | null {
  if (text === undefined) return null;
  if (/^[Zz]$/.test(text.trim())) return 0;
  const match = /^\s*([+-])(\d{1,2}):?(\d{2})/.exec(text);
  if (!match) return null;
  const minutes = (Number(match[2]) * 60 + Number(match[3])) * (match[1] === '-' ? -1 : 1);
  return Math.abs(minutes) <= MAX_OFFSET ? minutes : null;
}

function moment(local: number | null, offset: number | null): Taken {
  if (local === null) return UNKNOWN;
  return { takenAt: new Date(local - (offset ?? 0) * MINUTE), takenOffset: offset };
}

const textOf = (value: ExifValue | undefined): string | undefined => {
  const first = Array.isArray(value) ? (value as readonly ExifValue[])[0] : value;
  return typeof first === 'string' ? first : undefined;
};

/** `2019:08:17 14:30:15`, also with the separators that careless programs write. */
const EXIF_DATE = /^\s*(\d{4})[:\-/.](\d{2})[:\-/.](\d{2})(?:[ T](\d{2}):(\d{2})(?::(\d{2}))?(?:\.(\d+))?)?/;

function exifDate({ exif }: Tags, name: 'DateTimeOriginal' | 'DateTimeDigitized' | 'DateTime'): Taken {
  const match = EXIF_DATE.exec(textOf(exif[name]) ?? '');
  if (!match) return UNKNOWN;
  const suffix = name.slice('DateTime'.length);
  const fraction = (textOf(exif[`SubSecTime${suffix}`]) ?? match[7] ?? '').trim();
  const local = clock(match.slice(1, 7), /^\d+$/.test(fraction) ? fraction : '');
  const offset = offsetMinutes(textOf(exif[`OffsetTime${suffix}`]) ?? textOf(exif['OffsetTime']));
  if (local === null || offset !== null || name === 'DateTime') return moment(local, offset);
  return moment(local, offsetToFix(local, gpsTime(exif)));
}

function numbers(value: ExifValue | undefined): number[] {
  if (!Array.isArray(value)) return [];
  return (value as readonly ExifValue[]).map((part) => {
    const [above, below] = Array.isArray(part) ? (part as readonly number[]) : [part as number, 1];
    return Number(above) / Number(below);
  });
}

/** The moment of the GPS fix, which is always in UTC. */
function gpsTime(exif: Tags['exif']): number | null {
  const date = /^\s*(\d{4})[:\-/.](\d{2})[:\-/.](\d{2})/.exec(textOf(exif['GPSDateStamp']) ?? '');
  const [hour, minute, second] = numbers(exif['GPSTimeStamp']);
  if (!date || ![hour, minute, second].every((part) => part !== undefined && Number.isFinite(part)))
    return null;
  return clock([...date.slice(1), String(hour), String(minute), String(Math.floor(second as number))]);
}

function offsetToFix(local: number, fix: number | null): number | null {
  if (fix === null) return null;
  const minutes = (local - fix) / MINUTE;
  const offset = Math.round(minutes / QUARTER) * QUARTER;
  const isOffset = Math.abs(minutes - offset) <= STALE_FIX_MINUTES && Math.abs(offset) <= MAX_OFFSET;
  return isOffset ? offset : null;
}

/** ISO 8601, whose end may be missing from any place on. */
const XMP_DATE =
  /^\s*(\d{4})(?:-(\d{2})(?:-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:\.(\d+))?)?\s*(Z|[+-]\d{2}:?\d{2})?)?)?)?\s*$/;

function xmpDate({ xmp }: Tags, name: string): Taken {
  const value: XmpValue | undefined = xmp[name];
  const match = typeof value === 'string' ? XMP_DATE.exec(value) : null;
  return match ? moment(clock(match.slice(1, 7), match[7]), offsetMinutes(match[8])) : UNKNOWN;
}

function iptcDate({ iptc }: Tags): Taken {
  const date = /^(\d{4})-?(\d{2})-?(\d{2})/.exec(iptc['Date Created']?.[0] ?? '');
  if (!date) return UNKNOWN;
  const time = /^(\d{2}):?(\d{2}):?(\d{2})([+-]\d{2}:?\d{2})?/.exec(iptc['Time Created']?.[0] ?? '');
  return moment(clock([...date.slice(1), ...(time?.slice(1, 4) ?? [])]), offsetMinutes(time?.[4]));
}

/** `IMG_20190817_143015`, `PXL_20190817_143015123`, `2019-08-17 14.30.15`, `IMG-20190817-WA0003`, `Screenshot_…`. */
const NAMED =
  /(?<!\d)((?:19|20)\d{2})[-_.]?(\d{2})[-_.]?(\d{2})(?:(?:[-_ T.]| at )(\d{2})[-_.:h]?(\d{2})[-_.:m]?(\d{2})(?!\d{4}))?(?!\d{5})/;

function dateInName(name: string): Taken {
  const match = NAMED.exec(name);
  return match ? moment(clock(match.slice(1, 7)), null) : UNKNOWN;
}

/** @param name the file's own, without its folder; empty where there is none */
export function takenAt(tags: Tags, name: string): Taken {
  const places: readonly (() => Taken)[] = [
    () => exifDate(tags, 'DateTimeOriginal'),
    () => xmpDate(tags, 'DateTimeOriginal'),
    () => exifDate(tags, 'DateTimeDigitized'),
    () => xmpDate(tags, 'DateTimeDigitized'),
    () => xmpDate(tags, 'CreateDate'),
    () => xmpDate(tags, 'DateCreated'),
    () => iptcDate(tags),
    () => moment(gpsTime(tags.exif), gpsTime(tags.exif) === null ? null : 0),
    () => exifDate(tags, 'DateTime'),
    () => dateInName(name),
  ];
  for (const place of places) {
    const taken = place();
    if (taken.takenAt !== null) return taken;
  }
  return UNKNOWN;
}
