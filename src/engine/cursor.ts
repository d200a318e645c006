/**
 * Where to go on in an answer: the place reached, the item that stood last, and what was asked. While nothing changes the
 * place alone is right; where photos came or went in between, the page begins behind that item, wherever it stands now.
 */
import { createHash } from 'node:crypto';
import { SightlineError } from '../core/errors.js';
import type { ItemId } from '../core/item.js';
import type { SearchOptions } from '../core/query.js';

export interface CursorPlace {
  readonly offset: number;
  /** Where the page begins in a list. */
  after(list: readonly { readonly id: ItemId }[]): number;
}

/** How far the last item may have moved. */
const NEARBY = 200;

/** What the pages of one answer have in common. */
export function fingerprintOf(
  vector: Float32Array,
  { kind, filter, mode, cutoff, sort, rerank }: SearchOptions,
): string {
  const options = JSON.stringify([kind ?? 'photo', filter ?? null, mode, cutoff, sort, rerank]);
  return createHash('sha256').update(vector).update(options).digest('base64url').slice(0, 16);
}

export function cursorAfter(fingerprint: string, offset: number, last: ItemId | undefined): string {
  return `${fingerprint}.${offset}.${last ?? 0}`;
}

/** @throws ERR_REQUEST_INVALID for what is no cursor, or one of another query */
export function placeOf(cursor: string | undefined, fingerprint: string): CursorPlace | undefined {
  if (cursor === undefined) return undefined;
  const match = /^([\w-]{16})\.(\d{1,6})\.(\d{1,15})$/.exec(cursor);
  if (match === null || match[1] !== fingerprint) {
    const expected = match === null ? 'next of an earlier answer' : 'next of an answer to this same query';
    throw new SightlineError(
      'ERR_REQUEST_INVALID',
      `Expected cursor to be ${expected} but received ${cursor.slice(0, 40)}. Search again from the beginning.`,
    );
  }
  const offset = Number(match[2]);
  const last = Number(match[3]);
  return {
    offset,
    after(list) {
      if (list[offset - 1]?.id === last) return offset;
      for (let away = 1; away <= NEARBY; away++) {
        if (list[offset - 1 - away]?.id === last) return offset - away;
        if (list[offset - 1 + away]?.id === last) return offset + away;
      }
      return offset;
    },
  };
}
