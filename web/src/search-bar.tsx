import type { VNode } from 'preact';
import { useEffect, useMemo, useRef } from 'preact/hooks';
import { thumbnailAddress } from './api.js';
import { CrossIcon, PictureIcon, SearchIcon } from './icons.js';
import type { SearchSession } from './search-session.js';
import { type SearchState, asksNothing } from './search-state.js';
import { STRINGS } from './strings.js';

export interface SearchBarProps {
  readonly state: SearchState;
  readonly session: SearchSession;
}

export function SearchBar({ state, session }: SearchBarProps): VNode {
  const { draft, request, phase } = state;
  const field = useRef<HTMLInputElement>(null);
  const picker = useRef<HTMLInputElement>(null);
  const start = asksNothing(request);
  const hasPicture = request.like !== null || request.picture !== null;

  useSlashKey(field);
  useEffect(() => {
    // On a touch screen the focus would open the keyboard over half the page.
    if (start && matchMedia('(hover: hover)').matches) field.current?.focus({ preventScroll: true });
  }, [start]);

  return (
    <form
      class="search"
      role="search"
      data-busy={phase === 'searching'}
      onSubmit={(event) => {
        event.preventDefault();
        session.submit();
        // Puts a touch keyboard away, so that the results can be seen.
        if (matchMedia('(hover: none)').matches) field.current?.blur();
      }}
    >
      <SearchIcon />
      {hasPicture && (
        <PictureChip picture={request.picture} like={request.like} onRemove={() => session.removePicture()} />
      )}
      <input
        ref={field}
        class="search-field"
        type="search"
        name="q"
        aria-label={STRINGS.searchLabel}
        aria-keyshortcuts="/"
        placeholder={request.like !== null ? STRINGS.placeholderRefine : STRINGS.placeholder}
        autocomplete="off"
        autocapitalize="none"
        enterkeyhint="search"
        value={draft}
        onInput={(event) => session.type(event.currentTarget.value)}
      />
      <kbd class="search-key" aria-hidden="true">
        /
      </kbd>
      {draft !== '' && (
        <button
          type="button"
          class="icon-button"
          aria-label={STRINGS.clear}
          title={STRINGS.clear}
          onClick={() => {
            session.type('');
            session.submit();
            field.current?.focus();
          }}
        >
          <CrossIcon />
        </button>
      )}
      <button
        type="button"
        class="icon-button"
        aria-label={STRINGS.choosePicture}
        title={STRINGS.choosePicture}
        onClick={() => picker.current?.click()}
      >
        <PictureIcon />
      </button>
      <input
        ref={picker}
        type="file"
        accept="image/*"
        hidden
        data-testid="picture-input"
        onChange={({ currentTarget }) => {
          const file = currentTarget.files?.[0];
          // Emptied, so that choosing the same file again counts as a choice.
          currentTarget.value = '';
          if (file) session.searchByPicture(file);
        }}
      />
    </form>
  );
}

interface PictureChipProps {
  readonly picture: File | null;
  readonly like: number | null;
  readonly onRemove: () => void;
}

function PictureChip({ picture, like, onRemove }: PictureChipProps): VNode {
  // Held by the page until the chip is gone or shows another picture.
  const temporary = useMemo(() => picture && URL.createObjectURL(picture), [picture]);
  useEffect(() => () => void (temporary && URL.revokeObjectURL(temporary)), [temporary]);
  const address = like === null ? temporary : thumbnailAddress(like);
  return (
    <span class="picture-chip" data-testid="picture-chip">
      <img class="picture-chip-image" src={address ?? undefined} alt="" width={32} height={32} />
      <span class="picture-chip-name">{picture === null ? STRINGS.likeChip : STRINGS.pictureChip}</span>
      <button
        type="button"
        class="picture-chip-remove"
        aria-label={STRINGS.removePicture}
        title={STRINGS.removePicture}
        onClick={onRemove}
      >
        <CrossIcon />
      </button>
    </span>
  );
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
        if (activeElement instanceof HTMLInputElement && activeElement.type !== 'radio') return;
        if (document.querySelector('dialog[open]')) return;
        event.preventDefault();
        field.current?.focus();
        field.current?.select();
      },
      { signal: gone.signal },
    );
    return () => gone.abort();
  }, [field]);
}
