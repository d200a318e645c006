import type { VNode } from 'preact';
import { useState } from 'preact/hooks';
import { Icon } from './icon.js';
import { STRINGS } from './strings.js';

export interface LikeThisProps {
  /** @param but what should be otherwise; empty for plain likeness */
  readonly onLike: (but: string) => void;
  readonly onAdd: () => void;
}

/** From this photo to others: more like it, like it but otherwise, or together with what was asked before. */
export function LikeThis({ onLike, onAdd }: LikeThisProps): VNode {
  const [but, setBut] = useState('');
  return (
    <div class="like-this">
      <button type="button" class="viewer-button" title={STRINGS.addPhotoHint} onClick={onAdd}>
        <Icon name="plus" />
        <span class="viewer-button-name">{STRINGS.addPhoto}</span>
      </button>
      <form
        class="like-but"
        onSubmit={(event) => {
          event.preventDefault();
          onLike(but.trim());
        }}
      >
        <input
          class="like-but-field"
          type="text"
          aria-label={STRINGS.likeBut}
          placeholder={`${STRINGS.likeBut}…`}
          enterkeyhint="search"
          autocomplete="off"
          value={but}
          onInput={({ currentTarget }) => setBut(currentTarget.value)}
        />
        <button type="submit" class="viewer-button viewer-like">
          <Icon name="spark" />
          {STRINGS.moreLikeThis}
        </button>
      </form>
    </div>
  );
}
