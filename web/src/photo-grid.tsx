import type { VNode } from 'preact';
import { useRef } from 'preact/hooks';
import type { Hit } from './contract.js';
import { focusNeighbour } from './grid-focus.js';
import { SparkIcon } from './icons.js';
import { tileRatio } from './photo-shape.js';
import type { SearchSession } from './search-session.js';
import { useSettling } from './settling.js';
import { STRINGS, fileName, scoreText } from './strings.js';

export interface PhotoGridProps {
  readonly hits: readonly Hit[];
  readonly session: SearchSession;
  /** The photos are those that were shown, in another order. */
  readonly settled: boolean;
}

/** Rows of equal height that fill the width: each photo grows in proportion to its shape, so nothing is cropped. */
export function PhotoGrid({ hits, session, settled }: PhotoGridProps): VNode {
  const list = useRef<HTMLOListElement>(null);
  useSettling(list, hits, settled);
  return (
    <ol class="photos" ref={list} role="list" aria-label={STRINGS.resultsLabel} onKeyDown={focusNeighbour}>
      {hits.map((hit, index) => (
        <PhotoTile key={hit.id} hit={hit} index={index} session={session} />
      ))}
    </ol>
  );
}

interface PhotoTileProps {
  readonly hit: Hit;
  readonly index: number;
  readonly session: SearchSession;
}

function PhotoTile({ hit, index, session }: PhotoTileProps): VNode {
  return (
    <li class="photo" style={{ '--ratio': tileRatio(hit) }} data-testid="photo" data-id={hit.id}>
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
            loading="lazy"
            decoding="async"
            onLoad={({ currentTarget }) => currentTarget.classList.add('loaded')}
          />
        )}
      </button>
      <span class="photo-score" title={STRINGS.score}>
        <span class="visually-hidden">{STRINGS.score} </span>
        {scoreText(hit.score)}
      </span>
      <button type="button" class="photo-like" onClick={() => session.moreLike(hit.id)}>
        <SparkIcon />
        <span class="photo-like-name">{STRINGS.moreLikeThis}</span>
      </button>
    </li>
  );
}
