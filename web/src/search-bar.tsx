import type { VNode } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { COMPLETIONS_ID, CompletionList, completionId } from './completion-list.js';
import { useCompletions } from './completions.js';
import { Icon } from './icon.js';
import { PictureButtons } from './picture-buttons.js';
import { isStart } from './search-request.js';
import type { SearchSession } from './search-session.js';
import type { SearchState } from './search-state.js';
import { STRINGS } from './strings.js';

export interface SearchBarProps {
  readonly state: SearchState;
  readonly session: SearchSession;
}

/** The line of words and conditions, and what pictures can come in by. */
export function SearchBar({ state, session }: SearchBarProps): VNode {
  const { draft, request, phase } = state;
  const field = useRef<HTMLInputElement>(null);
  const [typing, setTyping] = useState(false);
  const [active, setActive] = useState<number | null>(null);
  const completions = useCompletions(draft, typing);
  const start = isStart(request);

  useSlashKey(field);
  useEffect(() => setActive(null), [completions]);
  useEffect(() => {
    // On a touch screen the focus would open the keyboard over half the page.
    if (start && matchMedia('(hover: hover)').matches) field.current?.focus({ preventScroll: true });
  }, [start]);

  const choose = (line: string): void => {
    session.complete(line);
    field.current?.focus();
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (completions.length === 0) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step !== undefined) {
      const from = active ?? (step > 0 ? -1 : completions.length);
      const place = (from + step + completions.length) % completions.length;
      setActive(place);
      document.getElementById(completionId(place))?.scrollIntoView({ block: 'nearest' });
    } else if (event.key === 'Escape') setTyping(false);
    else if (event.key === 'Enter' && active !== null) choose(completions[active]?.line ?? draft);
    else return;
    event.preventDefault();
  };

  return (
    <form
      class="search"
      role="search"
      data-busy={phase === 'searching'}
      onSubmit={(event) => {
        event.preventDefault();
        setTyping(false);
        session.submit();
        // Puts a touch keyboard away, so that the results can be seen.
        if (matchMedia('(hover: none)').matches) field.current?.blur();
      }}
    >
      <Icon name="search" />
      <input
        ref={field}
        class="search-field"
        type="text"
        name="q"
        role="combobox"
        aria-label={STRINGS.searchLabel}
        aria-keyshortcuts="/"
        aria-autocomplete="list"
        aria-controls={COMPLETIONS_ID}
        aria-expanded={completions.length > 0}
        aria-activedescendant={active === null ? undefined : completionId(active)}
        placeholder={placeholderOf(state)}
        autocomplete="off"
        autocapitalize="none"
        spellcheck={false}
        enterkeyhint="search"
        value={draft}
        onKeyDown={onKeyDown}
        onInput={({ currentTarget }) => {
          setTyping(true);
          session.type(currentTarget.value);
        }}
        onBlur={() => setTyping(false)}
      />
      <kbd class="search-key" aria-hidden="true">
        /
      </kbd>
      {draft !== '' && (
        <button
          type="button"
          class="icon-button search-clear"
          aria-label={STRINGS.clear}
          title={STRINGS.clear}
          onClick={() => {
            session.type('');
            session.submit();
            field.current?.focus();
          }}
        >
          <Icon name="cross" />
        </button>
      )}
      <PictureButtons onPictures={(files) => session.addPictures(files)} />
      <CompletionList completions={completions} active={active} onChoose={choose} />
    </form>
  );
}

function placeholderOf({ request }: SearchState): string {
  if (request.kind === 'caption') return STRINGS.placeholderCaption;
  const photo = request.parts.some(({ subject, away }) => !away && !('words' in subject));
  return photo ? STRINGS.placeholderRefine : STRINGS.placeholder;
}

/** `/` goes to the search field from anywhere that is not itself a place to write. */
function useSlashKey(field: { readonly current: HTMLInputElement | null }): void {
  useEffect(() => {
    const gone = new AbortController();
    document.addEventListener(
      'keydown',
      (event) => {
        if (event.key !== '/' || event.metaKey || event.ctrlKey || event.altKey) return;
        const { activeElement } = document;
        const writing = activeElement instanceof HTMLInputElement && !/radio|range/.test(activeElement.type);
        if (writing || document.querySelector('dialog[open]')) return;
        event.preventDefault();
        field.current?.focus();
        field.current?.select();
      },
      { signal: gone.signal },
    );
    return () => gone.abort();
  }, [field]);
}
