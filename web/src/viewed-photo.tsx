import type { ComponentChildren, VNode } from 'preact';
import { useState } from 'preact/hooks';
import type { ShownPhoto } from './contract.js';
import { fileName } from './figures.js';
import { photoRatio } from './photo-shape.js';
import { STRINGS } from './strings.js';
import type { View } from './zoom-view.js';

/** For photos whose size is not known. */
const USUAL_WIDTH = 1600;

export interface ViewedPhotoProps {
  readonly photo: ShownPhoto;
  readonly view: View;
  /** What lies over it. */
  readonly children?: ComponentChildren;
}

/** The thumbnail first, which is there at once; the original over it when it has arrived. */
export function ViewedPhoto({ photo, view, children }: ViewedPhotoProps): VNode {
  const [original, setOriginal] = useState<'loading' | 'loaded' | 'failed'>(
    photo.originalUrl === null ? 'failed' : 'loading',
  );
  const { scale, x, y } = view;
  const shape = { '--ratio': photoRatio(photo), '--natural': `${photo.width ?? USUAL_WIDTH}px` };
  const place = scale === 1 ? {} : { transform: `translate(${x}px, ${y}px) scale(${scale})` };
  return (
    <figure class="viewed" style={{ ...shape, ...place }} data-testid="viewed">
      {photo.thumbnailUrl !== null && (
        <img class="viewed-image" src={photo.thumbnailUrl} alt="" draggable={false} />
      )}
      {original !== 'failed' && photo.originalUrl !== null && (
        <img
          class={`viewed-image viewed-original ${original}`}
          src={photo.originalUrl}
          alt={fileName(photo.path)}
          decoding="async"
          draggable={false}
          onLoad={() => setOriginal('loaded')}
          onError={() => setOriginal('failed')}
        />
      )}
      {children}
      {original === 'failed' && <figcaption class="viewed-failed">{STRINGS.noPreview}</figcaption>}
    </figure>
  );
}
