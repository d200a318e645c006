/** Dates as filters write them: a year, month, day or minute, each a period with a beginning and an end. */

/** Milliseconds, the end not included. */
export interface Period {
  readonly start: number;
  readonly end: number;
}

/** Why a text is no date, and what was probably meant. */
export interface DateFault {
  readonly reason: string;
  readonly likely?: string;
}

/** `wall`: as if the calendar were UTC's, for times that photos carry. `local`: this machine's, for times it noted itself. */
export type Calendar = 'wall' | 'local';

type Parts = readonly [year: number, month?: number, day?: number, hour?: number, minute?: number];

const DATE = /^(\d{4})(?:-(\d\d)(?:-(\d\d)(?:[T ](\d\d):(\d\d))?)?)?$/;
const OTHER_SEPARATORS = /^(\d{4})[./](\d{1,2})(?:[./](\d{1,2}))?$/;
const DAY_FIRST = /^(\d{1,2})[./-](\d{1,2})[./-](\d{4})$/;

const two = (value: number | string): string => String(value).padStart(2, '0');
const daysIn = (year: number, month: number): number =>
  new Date(Date.UTC(2000 + (year % 400), month, 0)).getUTCDate();

function parts(value: string): Parts | undefined {
  const match = DATE.exec(value);
  if (!match) return undefined;
  return match.slice(1).flatMap((text) => (text === undefined ? [] : [Number(text)])) as unknown as Parts;
}

function respelled(value: string): string | undefined {
  const [, year, month = '', day] = OTHER_SEPARATORS.exec(value) ?? [];
  if (year) return [year, two(month), ...(day ? [two(day)] : [])].join('-');
  const [, first, second, last] = DAY_FIRST.exec(value) ?? [];
  if (first && second && last) {
    const [d, m] = Number(second) > 12 ? [second, first] : [first, second];
    return `${last}-${two(m)}-${two(d)}`;
  }
  return undefined;
}

/** Undefined where the text is a date of the calendar. */
export function dateFault(value: string): DateFault | undefined {
  const known = parts(value);
  if (!known) {
    const likely = respelled(value);
    const reason = 'a date is a year, month, day or minute: 2024, 2024-01, 2024-01-31 or 2024-01-31T18:30';
    return { reason, ...(likely && dateFault(likely) === undefined && { likely }) };
  }
  const [year, month, day, hour = 0, minute = 0] = known;
  const time = value.slice(10);
  if (month !== undefined && (month < 1 || month > 12)) {
    const swapped = day !== undefined && day >= 1 && day <= 12 && month <= daysIn(year, day);
    return {
      reason: `there is no month ${two(month)}`,
      ...(swapped && month > 0 && { likely: `${value.slice(0, 4)}-${two(day)}-${two(month)}${time}` }),
    };
  }
  if (day !== undefined && (day < 1 || day > daysIn(year, month as number))) {
    const last = daysIn(year, month as number);
    return {
      reason: `${value.slice(0, 7)} has no day ${two(day)}`,
      ...(day > last && { likely: `${value.slice(0, 8)}${last}${time}` }),
    };
  }
  if (hour > 23 || minute > 59) return { reason: `there is no time ${two(hour)}:${two(minute)}` };
  return undefined;
}

/** The period that a date names; the value must be without fault. */
export function periodOf(value: string, calendar: Calendar): Period {
  const known = parts(value);
  if (!known) throw new RangeError(`Expected a date but received ${value}.`);
  const [year, month = 1, day = 1, hour = 0, minute = 0] = known;
  const at = (y: number, m: number, d: number, h: number, min: number): number => {
    const date = new Date(0);
    // The setters take years below 100 as they are, and carry what is one too many.
    if (calendar === 'wall') {
      date.setUTCFullYear(y, m - 1, d);
      return date.setUTCHours(h, min, 0, 0);
    }
    date.setFullYear(y, m - 1, d);
    return date.setHours(h, min, 0, 0);
  };
  const start = at(year, month, day, hour, minute);
  const end = [
    at(year + 1, 1, 1, 0, 0),
    at(year, month + 1, 1, 0, 0),
    at(year, month, day + 1, 0, 0),
    Number.NaN,
    at(year, month, day, hour, minute + 1),
  ][known.length - 1] as number;
  return { start, end };
}
