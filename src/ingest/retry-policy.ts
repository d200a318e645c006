/**
 * When a file that failed is tried again although it has not changed. What may pass by itself (permissions, a cable, a
 * writer that has not finished) is tried after a minute, then after ever longer times up to a day; what lies in the bytes
 * is tried again when they change, or when somebody asks for it.
 */
import type { ErrorCode } from '../core/errors.js';

const TRANSIENT: ReadonlySet<string> = new Set<ErrorCode>([
  'ERR_PATH_UNREADABLE',
  'ERR_PATH_NOT_FOUND',
  'ERR_FILE_UNSETTLED',
]);

const FIRST_WAIT = 60_000;
const LONGEST_WAIT = 24 * 3_600_000;

export const isTransient = (code: string): boolean => TRANSIENT.has(code);

/**
 * @param failures how often it has failed, this time included
 * @param now milliseconds since 1970
 * @returns milliseconds since 1970, or null for not before the file changes
 */
export function nextTry(code: string, failures: number, now: number): number | null {
  if (!isTransient(code)) return null;
  return now + Math.min(LONGEST_WAIT, FIRST_WAIT * 2 ** Math.min(30, failures - 1));
}
