import type { VNode } from 'preact';
import { useMemo } from 'preact/hooks';
import { captionGroups } from './caption-groups.js';
import type { Hit } from './contract.js';
import { fileName } from './figures.js';
import { Icon } from './icon.js';
import type { SearchSession } from './search-session.js';
import { STRINGS, confidenceText } from './strings.js';

export interface CaptionListProps {
  readonly hits: readonly Hit[];
  readonly session: SearchSession;
}

/** Captions, best first; those that say the same stand behind the best of them. */
export function CaptionList({ hits, session }: CaptionListProps): VNode {
  const groups = useMemo(() => captionGroups(hits), [hits]);
  return (
    <ol class="captions" role="list" aria-label={STRINGS.resultsLabel}>
      {groups.map(({ lead, alike }) => (
        <li class="caption" key={lead.id} data-testid="caption" data-id={lead.id}>
          <Confidence hit={lead} />
          <div class="caption-body">
            <p class="caption-text">{lead.caption}</p>
            <p class="caption-source" title={lead.path}>
              {fileName(lead.path)}
            </p>
            {alike.length > 0 && (
              <details class="caption-alike" data-testid="caption-alike">
                <summary>{STRINGS.alike(alike.length)}</summary>
                <ul role="list">
                  {alike.map((hit) => (
                    <li key={hit.id}>
                      <span>{hit.caption}</span>
                      <span class="caption-source">{confidenceText(hit)}</span>
                    </li>
                  ))}
                </ul>
              </details>
            )}
          </div>
          <button
            type="button"
            class="button caption-find"
            onClick={() => session.searchFor(lead.caption ?? '', 'photo')}
          >
            <Icon name="search" />
            <span>{STRINGS.findPhotos}</span>
          </button>
        </li>
      ))}
    </ol>
  );
}

/** How well it fits, as a number and as a length. */
function Confidence({ hit }: { readonly hit: Hit }): VNode {
  const share = Math.min(1, Math.max(0, hit.confidence ?? hit.score));
  return (
    <span class="caption-score" style={{ '--share': share }}>
      <span class="visually-hidden">{hit.confidence === null ? STRINGS.score : STRINGS.confidence} </span>
      {confidenceText(hit)}
    </span>
  );
}
