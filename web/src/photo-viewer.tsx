import type { VNode } from 'preact';
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { ShownPhoto } from './contract.js';
import { useExplanation } from './explanation.js';
import { HeatOverlay } from './heat-overlay.js';
import { Icon } from './icon.js';
import { LikeThis } from './like-this.js';
import { PhotoDetails } from './photo-details.js';
import { STRINGS } from './strings.js';
import { ViewedPhoto } from './viewed-photo.js';
import { ViewerBar } from './viewer-bar.js';
import { WhyWords } from './why-words.js';
import { useZoom, ZOOM_STEP } from './zoom.js';

export interface PhotoViewerProps {
  readonly photo: ShownPhoto;
  /** How well it fits, in words; null where it was not found by anything. */
  readonly fits: string | null;
  /** The words that it was found by; empty where there were none. */
  readonly text: string;
  readonly index: number;
  readonly count: number;
  /** Null: the viewer is closed. */
  readonly onView: (index: number | null) => void;
  /** The last one is reached; more may be there. */
  readonly onEnd: () => void;
  /** @param but what should be otherwise */
  readonly onLike: (id: number, but: string) => void;
  /** Makes it a part of the query that it was found by. */
  readonly onAdd: (id: number) => void;
}

/** A photo as large as the screen, with what is known about it and where to go from it. */
export function PhotoViewer(props: PhotoViewerProps): VNode {
  const { photo, fits, text, index, count, onView, onEnd, onLike, onAdd } = props;
  const dialog = useRef<HTMLDialogElement>(null);
  const stage = useRef<HTMLDivElement>(null);
  const [knowing, setKnowing] = useState(() => matchMedia('(width >= 900px)').matches);
  const [wondering, setWondering] = useState(false);
  const [word, setWord] = useState<number | null>(null);
  const why = useExplanation(photo.id, text, wondering);
  const heat = typeof why === 'object' ? (word === null ? why.grid : why.words[word]) : undefined;
  const previous = index > 0 ? index - 1 : null;
  const next = index + 1 < count ? index + 1 : null;
  const turn = (to: number | null): void => {
    if (to !== null) onView(to);
  };
  const zoom = useZoom(stage, photo.id, (way) => turn(way > 0 ? next : previous));

  useLayoutEffect(() => {
    dialog.current?.showModal();
    // The photo is what one came for: no button beside it takes the focus first.
    dialog.current?.focus();
    // The page beneath neither scrolls nor shines through.
    const { dataset } = document.documentElement;
    dataset['covered'] = 'true';
    return () => {
      delete dataset['covered'];
    };
  }, []);
  useEffect(() => {
    if (index + 1 === count) onEnd();
  }, [index, count]);

  const keys: Readonly<Record<string, () => void>> = {
    ArrowLeft: () => turn(previous),
    ArrowRight: () => turn(next),
    i: () => setKnowing(!knowing),
    '+': () => zoom.by(ZOOM_STEP),
    '-': () => zoom.by(1 / ZOOM_STEP),
    '0': zoom.reset,
  };

  return (
    <dialog
      ref={dialog}
      class="viewer"
      aria-label={STRINGS.viewerLabel}
      tabIndex={-1}
      onClose={() => {
        onView(null);
        document.getElementById(`photo-${photo.id}`)?.focus();
      }}
      onKeyDown={({ key, target }) => {
        if (!(target instanceof HTMLInputElement)) keys[key]?.();
      }}
    >
      <ViewerBar
        photo={photo}
        index={index}
        count={count}
        zoom={zoom}
        knowing={knowing}
        onKnow={() => setKnowing(!knowing)}
        onClose={() => dialog.current?.close()}
      />
      <div class="viewer-body">
        <div
          ref={stage}
          class="viewer-stage"
          data-zoomed={zoom.view.scale > 1}
          onClick={({ target, currentTarget }) => {
            if (target === currentTarget && zoom.view.scale === 1) dialog.current?.close();
          }}
        >
          <ViewedPhoto key={photo.id} photo={photo} view={zoom.view}>
            {typeof why === 'object' && heat && <HeatOverlay cells={why.cells} heat={heat.heat} />}
          </ViewedPhoto>
          <PageButton way="previous" to={previous} onTurn={turn} />
          <PageButton way="next" to={next} onTurn={turn} />
        </div>
        {knowing && <PhotoDetails photo={photo} onLike={(id) => onLike(id, '')} />}
      </div>
      <div class="viewer-foot">
        {text !== '' && <WhyWords asked={why} onToggle={() => setWondering(!wondering)} onPoint={setWord} />}
        <p class="viewer-score">{fits}</p>
        <LikeThis onLike={(but) => onLike(photo.id, but)} onAdd={() => onAdd(photo.id)} />
      </div>
    </dialog>
  );
}

interface PageButtonProps {
  readonly way: 'previous' | 'next';
  readonly to: number | null;
  readonly onTurn: (to: number | null) => void;
}

function PageButton({ way, to, onTurn }: PageButtonProps): VNode {
  return (
    <button
      type="button"
      class={`page-button page-button-${way}`}
      aria-label={STRINGS[way]}
      title={STRINGS[way]}
      // Not `disabled`: the button would lose the focus, and arrow keys with it, on the last photo.
      aria-disabled={to === null}
      onClick={() => onTurn(to)}
    >
      <Icon name="arrow" />
    </button>
  );
}
