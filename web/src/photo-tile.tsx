import type { VNode } from 'preact';
import { useMemo } from 'preact/hooks';
import type { Hit } from './contract.js';
import { fileName } from './figures.js';
import { Icon } from './icon.js';
import { placeholderAddress } from './placeholder.js';
import type { SearchSession } from './search-session.js';
import { STRINGS, confidenceText } from './strings.js';

export interface PhotoTileProps {
  readonly hit: Hit;
  readonly index: number;
  readonly box: Record<string, string>;
  /** There is no room for words on it. */
  readonly narrow: boolean;
  /** Only its likeness: it is passed by too fast for more. */
  readonly bare: boolean;
  readonly session: SearchSession;
}

export function PhotoTile({ hit, index, box, narrow, bare, session }: PhotoTileProps): VNode {
  const blurred = useMemo(() => placeholderAddress(hit.placeholder), [hit.placeholder]);
  const background = blurred === undefined ? {} : { backgroundImage: `url(${blurred})` };
  if (bare)
    return <li class="photo" style={{ ...box, ...background }} data-testid="photo" data-id={hit.id} />;
  return (
    <li
      class="photo"
      style={{ ...box, ...background }}
      data-testid="photo"
      data-id={hit.id}
      data-narrow={narrow}
    >
      <button
        type="button"
        class="photo-open"
        id={`photo-${hit.id}`}
        aria-label={STRINGS.openPhoto(hit.path)}
        onClick={() => session.view(index)}
      >
        {hit.thumbnailUrl === null ? (
          <span class="photo-name">{fileName(hit.path)}</span>
        ) : (
          <img
            class="photo-image"
            src={hit.thumbnailUrl}
            alt=""
            width={hit.width ?? undefined}
            height={hit.height ?? undefined}
            decoding="async"
            onLoad={({ currentTarget }) => currentTarget.classList.add('loaded')}
          />
        )}
      </button>
      <span class="photo-score" title={STRINGS.score}>
        <span class="visually-hidden">{STRINGS.score} </span>
        {confidenceText(hit)}
      </span>
      <button type="button" class="photo-like" onClick={() => session.moreLike(hit.id)}>
        <Icon name="spark" />
        <span class="photo-like-name">{STRINGS.moreLikeThis}</span>
      </button>
    </li>
  );
}
