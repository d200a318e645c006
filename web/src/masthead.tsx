import type { ComponentChildren, VNode } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';
import { Backdrop } from './backdrop.js';
import type { LibraryStatus } from './contract.js';
import { Logo } from './logo.js';
import { follow, NavLinks } from './nav-links.js';
import { SearchBar } from './search-bar.js';
import { isStart } from './search-request.js';
import type { SearchSession } from './search-session.js';
import type { SearchState } from './search-state.js';
import { STRINGS, libraryInvitation } from './strings.js';

export interface MastheadProps {
  readonly state: SearchState;
  readonly status: LibraryStatus | null;
  readonly empty: boolean;
  readonly session: SearchSession;
  readonly children?: ComponentChildren;
}

/** The head of the page: a welcome with the search field in the middle, then a bar that stays at the top. */
export function Masthead({ state, status, empty, session, children }: MastheadProps): VNode {
  const { request } = state;
  const start = isStart(request);
  const captions = request.kind === 'caption';
  const field = useGlide(start);
  const hasItems = status !== null && status.items.photo + status.items.caption > 0;
  return (
    <header class="masthead">
      <a
        class="brand"
        href="./"
        aria-label={STRINGS.home}
        onClick={(event) => follow(event, () => session.open('search'))}
      >
        <Logo />
        <span class="brand-name">{STRINGS.name}</span>
      </a>
      <NavLinks request={request} session={session} />
      {!empty && (
        <>
          <h1 class={start ? 'headline' : 'visually-hidden'}>
            {captions ? STRINGS.captionHeadline : STRINGS.headline}
          </h1>
          {start && <p class="promise">{captions ? STRINGS.captionPromise : STRINGS.promise}</p>}
          <div class="search-place" ref={field}>
            {start && <Backdrop />}
            <SearchBar state={state} session={session} />
          </div>
          {children}
          {start && !captions && (
            <ul class="examples" role="list" aria-label={STRINGS.examplesLabel}>
              {STRINGS.examples.map((example) => (
                <li key={example}>
                  <button type="button" class="chip" onClick={() => session.searchFor(example)}>
                    {example}
                  </button>
                </li>
              ))}
            </ul>
          )}
          {start && <p class="library-size">{hasItems ? libraryInvitation(status.items) : '\u00a0'}</p>}
        </>
      )}
    </header>
  );
}

/** Lets the search field glide from the middle of the page to the bar and back, instead of jumping. */
function useGlide(start: boolean): { readonly current: HTMLDivElement | null } {
  const field = useRef<HTMLDivElement>(null);
  const drawn = useRef(start);
  // Read while the old page still stands: this runs before the new one is drawn.
  const before = drawn.current === start ? undefined : field.current?.getBoundingClientRect();
  useLayoutEffect(() => {
    drawn.current = start;
    const after = field.current?.getBoundingClientRect();
    if (!before || !after || matchMedia('(prefers-reduced-motion: reduce)').matches) return;
    const shift = `translate(${before.left - after.left}px, ${before.top - after.top}px)`;
    field.current?.animate([{ transform: shift }, { transform: 'none' }], {
      duration: 420,
      easing: 'cubic-bezier(0.2, 0.8, 0.2, 1)',
    });
  }, [start]);
  return field;
}
