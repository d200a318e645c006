/** A search as an address of the page, so that it can be bookmarked, and left and found again with back and forward. */
import type { SearchRequest, SortOrder } from './contract.js';

const SORTS: readonly SortOrder[] = ['score', 'newest', 'oldest'];

export function addressOf({ text, like, kind, closely, leaveOut, sort, place }: SearchRequest): string {
  if (place === 'library') return '?view=library';
  const parameters = new URLSearchParams();
  if (text !== '') parameters.set('q', text);
  if (like !== null) parameters.set('like', String(like));
  if (kind !== 'photo') parameters.set('kind', kind);
  if (closely) parameters.set('read', 'closely');
  for (const words of leaveOut) parameters.append('not', words);
  if (sort !== 'score') parameters.set('sort', sort);
  const query = parameters.toString();
  return query === '' ? location.pathname : `?${query}`;
}

/** A picture of one's own has no address: it is given by whoever remembers it. */
export function requestAt(address: string, picture: File | null): SearchRequest {
  const parameters = new URLSearchParams(address);
  const like = Number(parameters.get('like') ?? Number.NaN);
  return {
    text: parameters.get('q')?.trim() ?? '',
    like: picture === null && Number.isInteger(like) ? like : null,
    picture,
    kind: parameters.get('kind') === 'caption' ? 'caption' : 'photo',
    place: parameters.get('view') === 'library' ? 'library' : 'search',
    leaveOut: parameters.getAll('not').filter((words) => words.trim() !== ''),
    sort: SORTS.find((sort) => sort === parameters.get('sort')) ?? 'score',
    closely: parameters.get('read') === 'closely',
  };
}
