import type { VNode } from 'preact';
import { useState } from 'preact/hooks';
import type { SearchRequest, SortOrder } from './contract.js';
import { CrossIcon } from './icons.js';
import type { SearchSession } from './search-session.js';
import { STRINGS } from './strings.js';

const SORTS: readonly SortOrder[] = ['score', 'newest', 'oldest'];

export interface RefinementsProps {
  readonly request: SearchRequest;
  readonly session: SearchSession;
}

/** What a search leaves out, and in which order it answers. */
export function Refinements({ request, session }: RefinementsProps): VNode {
  const [words, setWords] = useState('');
  return (
    <div class="refinements">
      {request.leaveOut.map((one) => (
        <span class="left-out" key={one}>
          <s>{one}</s>
          <button
            type="button"
            class="picture-chip-remove"
            aria-label={STRINGS.takeBack(one)}
            title={STRINGS.takeBack(one)}
            onClick={() => session.takeBack(one)}
          >
            <CrossIcon />
          </button>
        </span>
      ))}
      <form
        class="leave-out"
        onSubmit={(event) => {
          event.preventDefault();
          session.leaveOut(words);
          setWords('');
        }}
      >
        <input
          class="leave-out-field"
          type="text"
          aria-label={STRINGS.leaveOutLabel}
          placeholder={STRINGS.leaveOutPlaceholder}
          enterkeyhint="done"
          value={words}
          onInput={({ currentTarget }) => setWords(currentTarget.value)}
        />
      </form>
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
