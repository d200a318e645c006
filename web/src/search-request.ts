/** What somebody asks of the page, as the page itself keeps it. */
import type { ItemKind, SortOrder } from './contract.js';

/** What a part of a query is about: words, a photo of the library, or a picture from elsewhere. */
export type Subject = { readonly words: string } | { readonly photo: number } | { readonly picture: File };

/** One block of a query, beside the line of words. */
export interface Part {
  readonly subject: Subject;
  /** How much it counts; the line of words counts 1. */
  readonly weight: number;
  /** The hits should not show it. */
  readonly away: boolean;
}

/** Where on the page one is. */
export type Place = 'search' | 'library' | 'duplicates';

export interface SearchRequest {
  /** The line as typed; conditions in it count as conditions. */
  readonly text: string;
  /** Conditions that have left the line and stand beside it, each in the filter language. */
  readonly filters: readonly string[];
  readonly parts: readonly Part[];
  readonly sort: SortOrder;
  readonly place: Place;
  /** `caption` is the look-up of captions. */
  readonly kind: ItemKind;
  /** Lets the model read words and photos together, whatever its default is. */
  readonly closely: boolean;
}

export const NOTHING_ASKED: SearchRequest = {
  text: '',
  filters: [],
  parts: [],
  kind: 'photo',
  closely: false,
  sort: 'score',
  place: 'search',
};

/** As many pictures as one request may bring. */
export const MOST_PICTURES = 4;
export const LEAST_WEIGHT = 0.25;
export const MOST_WEIGHT = 3;
export const WEIGHT_STEP = 0.25;

export const partOf = (subject: Subject, away = false): Part => ({ subject, weight: 1, away });

/** The pictures from elsewhere, in the order in which a form carries them. */
export function ownPictures({ parts }: SearchRequest): readonly File[] {
  return parts.flatMap(({ subject }) => ('picture' in subject ? [subject.picture] : []));
}

export function asksNothing({ text, filters, parts }: SearchRequest): boolean {
  return text === '' && filters.length === 0 && parts.every(({ away }) => away);
}

/** Somebody stands before an empty search, not in another view. */
export function isStart(request: SearchRequest): boolean {
  return request.place === 'search' && asksNothing(request);
}

const sameSubject = (a: Subject, b: Subject): boolean =>
  'words' in a
    ? 'words' in b && a.words === b.words
    : 'photo' in a
      ? 'photo' in b && a.photo === b.photo
      : 'picture' in b && a.picture === b.picture;

const samePart = (a: Part, b: Part | undefined): boolean =>
  b !== undefined && a.weight === b.weight && a.away === b.away && sameSubject(a.subject, b.subject);

/** Whether a query has such a block already. */
export function has(request: SearchRequest, subject: Subject): boolean {
  return request.parts.some((part) => sameSubject(part.subject, subject));
}

export function sameRequest(a: SearchRequest, b: SearchRequest): boolean {
  return (
    a.text === b.text &&
    a.kind === b.kind &&
    a.closely === b.closely &&
    a.place === b.place &&
    a.sort === b.sort &&
    a.filters.join('\n') === b.filters.join('\n') &&
    a.parts.length === b.parts.length &&
    a.parts.every((part, place) => samePart(part, b.parts[place]))
  );
}
