import type { VNode } from 'preact';
import { Icon } from './icon.js';
import type { SearchSession } from './search-session.js';
import type { Trouble } from './search-state.js';
import { STRINGS } from './strings.js';

export interface NoticeProps {
  readonly trouble: Trouble;
  readonly session: SearchSession;
}

export function Notice({ trouble, session }: NoticeProps): VNode {
  return (
    <div class="notice" role="alert">
      <p>{trouble.text}</p>
      {trouble.passing && (
        <button type="button" class="button" onClick={() => session.retry()}>
          {STRINGS.tryAgain}
        </button>
      )}
      <button
        type="button"
        class="icon-button"
        aria-label={STRINGS.dismiss}
        title={STRINGS.dismiss}
        onClick={() => session.dismissTrouble()}
      >
        <Icon name="cross" />
      </button>
    </div>
  );
}
