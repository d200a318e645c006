import type { ComponentChildren, VNode } from 'preact';
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { Hit } from './contract.js';
import { useExplanation } from './explanation.js';
import { HeatOverlay } from './heat-overlay.js';
import { ArrowIcon, CrossIcon, InfoIcon, OpenIcon, SparkIcon } from './icons.js';
import { PhotoDetails } from './photo-details.js';
import { photoRatio } from './photo-shape.js';
import type { SearchSession } from './search-session.js';
import type { Answer } from './search-state.js';
import { STRINGS, confidenceText, fileName, position } from './strings.js';
import { WhyWords } from './why-words.js';

/** How far a finger must travel to turn the page, in CSS pixels. */
const SWIPE = 48;

export interface PhotoViewerProps {
  readonly hit: Hit;
  /** The words that it was found by; empty where there were none. */
  readonly text: string;
  readonly index: number;
  readonly answer: Answer;
  readonly session: SearchSession;
}

export function PhotoViewer({ hit, text, index, answer, session }: PhotoViewerProps): VNode {
  const dialog = useRef<HTMLDialogElement>(null);
  const touchedAt = useRef<number | null>(null);
  const [knowing, setKnowing] = useState(() => matchMedia('(width >= 900px)').matches);
  const [wondering, setWondering] = useState(false);
  const [word, setWord] = useState<number | null>(null);
  const why = useExplanation(hit.id, text, wondering);
  const heat = typeof why === 'object' ? (word === null ? why.grid : why.words[word]) : undefined;
  const count = answer.hits.length;
  const previous = index > 0 ? index - 1 : null;
  const next = index + 1 < count ? index + 1 : null;
  const turn = (to: number | null): void => {
    if (to !== null) session.view(to);
  };

  useLayoutEffect(() => {
    dialog.current?.showModal();
    // The photo is what one came for: no button beside it takes the focus first.
    dialog.current?.focus();
  }, []);
  useEffect(() => {
    if (index + 1 === count) session.showMore();
  }, [index, count, session]);

  return (
    <dialog
      ref={dialog}
      class="viewer"
      aria-label={STRINGS.viewerLabel}
      tabIndex={-1}
      onClose={() => {
        session.view(null);
        document.getElementById(`photo-${hit.id}`)?.focus();
      }}
      onKeyDown={({ key }) => {
        if (key === 'ArrowLeft') turn(previous);
        if (key === 'ArrowRight') turn(next);
        if (key === 'i') setKnowing(!knowing);
      }}
      onTouchStart={({ touches }) => {
        touchedAt.current = touches.length === 1 ? (touches[0]?.clientX ?? null) : null;
      }}
      onTouchEnd={({ changedTouches }) => {
        const from = touchedAt.current;
        const to = changedTouches[0]?.clientX;
        // Zoomed in, a finger moves the picture and not the page.
        if (from === null || to === undefined || (visualViewport?.scale ?? 1) > 1) return;
        if (to - from > SWIPE) turn(previous);
        if (from - to > SWIPE) turn(next);
      }}
    >
      <div class="viewer-bar">
        <div class="viewer-title">
          <h2 class="viewer-name">{fileName(hit.path)}</h2>
          <p class="viewer-position" aria-live="polite">
            {position(index, count)}
          </p>
        </div>
        <button
          type="button"
          class="viewer-button"
          aria-pressed={knowing}
          aria-keyshortcuts="i"
          title={STRINGS.details}
          onClick={() => setKnowing(!knowing)}
        >
          <InfoIcon />
          <span class="viewer-button-name">{STRINGS.details}</span>
        </button>
        {hit.originalUrl !== null && (
          <a class="viewer-button" href={hit.originalUrl} target="_blank" rel="noopener">
            <OpenIcon />
            <span class="viewer-button-name">{STRINGS.openOriginal}</span>
          </a>
        )}
        <button
          type="button"
          class="viewer-button"
          aria-label={STRINGS.close}
          title={STRINGS.close}
          onClick={() => dialog.current?.close()}
        >
          <CrossIcon />
        </button>
      </div>
      <div class="viewer-body">
        <div
          class="viewer-stage"
          onClick={({ target, currentTarget }) => {
            if (target === currentTarget) dialog.current?.close();
          }}
        >
          <ViewedPhoto key={hit.id} hit={hit}>
            {typeof why === 'object' && heat && <HeatOverlay cells={why.cells} heat={heat.heat} />}
          </ViewedPhoto>
          <PageButton way="previous" to={previous} onTurn={turn} />
          <PageButton way="next" to={next} onTurn={turn} />
        </div>
        {knowing && <PhotoDetails hit={hit} onLike={(id) => session.moreLike(id)} />}
      </div>
      <div class="viewer-foot">
        {text !== '' && <WhyWords asked={why} onToggle={() => setWondering(!wondering)} onPoint={setWord} />}
        <p class="viewer-score">{`${STRINGS.score}: ${confidenceText(hit)}`}</p>
        <button type="button" class="viewer-button viewer-like" onClick={() => session.moreLike(hit.id)}>
          <SparkIcon />
          {STRINGS.moreLikeThis}
        </button>
      </div>
    </dialog>
  );
}

interface ViewedPhotoProps {
  readonly hit: Hit;
  /** What lies over it. */
  readonly children?: ComponentChildren;
}

/** The thumbnail first, which is there at once; the original over it when it has arrived. */
function ViewedPhoto({ hit, children }: ViewedPhotoProps): VNode {
  const [original, setOriginal] = useState<'loading' | 'loaded' | 'failed'>(
    hit.originalUrl === null ? 'failed' : 'loading',
  );
  const natural = hit.width ?? 1600;
  return (
    <figure class="viewed" style={{ '--ratio': photoRatio(hit), '--natural': `${natural}px` }}>
      {hit.thumbnailUrl !== null && <img class="viewed-image" src={hit.thumbnailUrl} alt="" />}
      {original !== 'failed' && hit.originalUrl !== null && (
        <img
          class={`viewed-image viewed-original ${original}`}
          src={hit.originalUrl}
          alt={fileName(hit.path)}
          decoding="async"
          onLoad={() => setOriginal('loaded')}
          onError={() => setOriginal('failed')}
        />
      )}
      {children}
      {original === 'failed' && <figcaption class="viewed-failed">{STRINGS.noPreview}</figcaption>}
    </figure>
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
      <ArrowIcon />
    </button>
  );
}
