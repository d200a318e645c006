/** A search as an address of the page, so that it can be bookmarked, and left and found again with back and forward. */
import type { SortOrder } from './contract.js';
import type { Part, Place, SearchRequest } from './search-request.js';

const SORTS: readonly SortOrder[] = ['score', 'newest', 'oldest'];
const PLACES: readonly Place[] = ['library', 'duplicates'];
/** `2*dogs` counts twice. */
const WEIGHTED = /^(\d+(?:\.\d+)?)\*(.+)$/s;

/** The name that a part has in an address; what is not wanted has another. */
const NAMES = { words: ['with', 'not'], photo: ['like', 'unlike'] } as const;

function setPart(parameters: URLSearchParams, { subject, weight, away }: Part): void {
  // A picture of one's own has no address: it is given by whoever remembers it.
  if ('picture' in subject) return;
  const [name, value] =
    'words' in subject ? [NAMES.words, subject.words] : [NAMES.photo, String(subject.photo)];
  parameters.append(name[away ? 1 : 0], weight === 1 ? value : `${weight}*${value}`);
}

export function addressOf({ text, filters, parts, kind, closely, sort, place }: SearchRequest): string {
  if (place !== 'search') return `?view=${place}`;
  const parameters = new URLSearchParams();
  if (text !== '') parameters.set('q', text);
  for (const filter of filters) parameters.append('filter', filter);
  for (const part of parts) setPart(parameters, part);
  if (kind !== 'photo') parameters.set('kind', kind);
  if (closely) parameters.set('read', 'closely');
  if (sort !== 'score') parameters.set('sort', sort);
  const query = parameters.toString();
  return query === '' ? location.pathname : `?${query}`;
}

function partsAt(parameters: URLSearchParams): readonly Part[] {
  const parts: Part[] = [];
  for (const [name, given] of parameters) {
    const [, weighed, rest] = WEIGHTED.exec(given) ?? [];
    const value = (rest ?? given).trim();
    const weight = Number(weighed ?? 1) || 1;
    const away = name === NAMES.words[1] || name === NAMES.photo[1];
    if (value !== '' && (NAMES.words as readonly string[]).includes(name))
      parts.push({ subject: { words: value }, weight, away });
    else if (Number.isInteger(Number(value)) && (NAMES.photo as readonly string[]).includes(name))
      parts.push({ subject: { photo: Number(value) }, weight, away });
  }
  return parts;
}

/** @param pictures the parts of one's own that belong to the address */
export function requestAt(address: string, pictures: readonly Part[]): SearchRequest {
  const parameters = new URLSearchParams(address);
  return {
    text: parameters.get('q')?.trim() ?? '',
    filters: parameters.getAll('filter').filter((filter) => filter.trim() !== ''),
    parts: [...partsAt(parameters), ...pictures],
    kind: parameters.get('kind') === 'caption' ? 'caption' : 'photo',
    place: PLACES.find((place) => place === parameters.get('view')) ?? 'search',
    sort: SORTS.find((sort) => sort === parameters.get('sort')) ?? 'score',
    closely: parameters.get('read') === 'closely',
  };
}
