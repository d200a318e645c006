import type { VNode } from 'preact';
import type { Hit } from './contract.js';
import { SearchIcon } from './icons.js';
import type { SearchSession } from './search-session.js';
import { STRINGS, fileName, scoreText } from './strings.js';

export interface CaptionListProps {
  readonly hits: readonly Hit[];
  readonly session: SearchSession;
}

export function CaptionList({ hits, session }: CaptionListProps): VNode {
  return (
    <ol class="captions" role="list" aria-label={STRINGS.resultsLabel}>
      {hits.map((hit) => (
        <li class="caption" key={hit.id} data-testid="caption" data-id={hit.id}>
          <span class="caption-score">
            <span class="visually-hidden">{STRINGS.score} </span>
            {scoreText(hit.score)}
          </span>
          <div class="caption-body">
            <p class="caption-text">{hit.caption}</p>
            <p class="caption-source" title={hit.path}>
              {fileName(hit.path)}
            </p>
          </div>
          <button
            type="button"
            class="button caption-find"
            onClick={() => session.searchFor(hit.caption ?? '', 'photo')}
          >
            <SearchIcon />
            <span>{STRINGS.findPhotos}</span>
          </button>
        </li>
      ))}
    </ol>
  );
}
