import type { VNode } from 'preact';
import { CloseReading } from './close-reading.js';
import type { SortOrder } from './contract.js';
import type { SearchRequest } from './search-request.js';
import type { SearchSession } from './search-session.js';
import { STRINGS } from './strings.js';

const SORTS: readonly SortOrder[] = ['score', 'newest', 'oldest'];

export interface RefinementsProps {
  readonly request: SearchRequest;
  readonly session: SearchSession;
}

/** In which order a search answers, and how closely it looks. */
export function Refinements({ request, session }: RefinementsProps): VNode {
  return (
    <div class="refinements">
      {request.text !== '' && (
        <CloseReading closely={request.closely} onChange={(closely) => session.readClosely(closely)} />
      )}
      {request.kind === 'photo' && (
        <label class="sort">
          <span class="visually-hidden">{STRINGS.sortLabel}</span>
          <select
            value={request.sort}
            onChange={({ currentTarget }) => session.sortBy(currentTarget.value as SortOrder)}
          >
            {SORTS.map((sort) => (
              <option key={sort} value={sort}>
                {STRINGS.sorts[sort]}
              </option>
            ))}
          </select>
        </label>
      )}
    </div>
  );
}
