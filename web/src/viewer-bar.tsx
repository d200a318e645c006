import type { VNode } from 'preact';
import type { ShownPhoto } from './contract.js';
import { fileName } from './figures.js';
import { Icon, type IconName } from './icon.js';
import { STRINGS, position } from './strings.js';
import { type Zoom, ZOOM_STEP } from './zoom.js';

export interface ViewerBarProps {
  readonly photo: ShownPhoto;
  readonly index: number;
  readonly count: number;
  readonly zoom: Zoom;
  readonly knowing: boolean;
  readonly onKnow: () => void;
  readonly onClose: () => void;
}

/** The name of a photo, its place among the others, and what can be done to see more of it. */
export function ViewerBar({ photo, index, count, zoom, knowing, onKnow, onClose }: ViewerBarProps): VNode {
  const { scale } = zoom.view;
  return (
    <div class="viewer-bar">
      <div class="viewer-title">
        <h2 class="viewer-name">{fileName(photo.path)}</h2>
        <p class="viewer-position" aria-live="polite">
          {position(index, count)}
        </p>
      </div>
      <div class="zoom" role="group" aria-label={STRINGS.zoom}>
        <BareButton
          icon="minus"
          name={STRINGS.zoomOut}
          shortcut="-"
          off={scale === 1}
          onClick={() => zoom.by(1 / ZOOM_STEP)}
        />
        <button
          type="button"
          class="zoom-scale"
          title={STRINGS.zoomReset}
          aria-keyshortcuts="0"
          onClick={zoom.reset}
        >
          <span class="visually-hidden">{STRINGS.zoomReset}, </span>
          {STRINGS.scale(scale)}
        </button>
        <BareButton icon="plus" name={STRINGS.zoomIn} shortcut="+" onClick={() => zoom.by(ZOOM_STEP)} />
      </div>
      <button
        type="button"
        class="viewer-button"
        aria-pressed={knowing}
        aria-keyshortcuts="i"
        title={STRINGS.details}
        onClick={onKnow}
      >
        <Icon name="info" />
        <span class="viewer-button-name">{STRINGS.details}</span>
      </button>
      {photo.originalUrl !== null && (
        <a
          class="viewer-button"
          href={photo.originalUrl}
          target="_blank"
          rel="noopener"
          title={STRINGS.openOriginal}
        >
          <Icon name="open" />
          <span class="viewer-button-name">{STRINGS.openOriginal}</span>
        </a>
      )}
      <BareButton icon="cross" name={STRINGS.close} shortcut="Escape" onClick={onClose} />
    </div>
  );
}

interface BareButtonProps {
  readonly icon: IconName;
  readonly name: string;
  readonly shortcut: string;
  readonly off?: boolean;
  readonly onClick: () => void;
}

/** A button that is only its icon. */
function BareButton({ icon, name, shortcut, off = false, onClick }: BareButtonProps): VNode {
  return (
    <button
      type="button"
      class="viewer-button"
      aria-label={name}
      aria-keyshortcuts={shortcut}
      title={name}
      aria-disabled={off}
      onClick={onClick}
    >
      <Icon name={icon} />
    </button>
  );
}
