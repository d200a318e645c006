import type { VNode } from 'preact';
import type { ItemKind } from './contract.js';

/** Shapes as a mixed album has them; the same each time, so that the page does not flicker. */
const RATIOS = [1.5, 1.33, 0.75, 1.5, 1.33, 1.5, 0.67, 1.5, 1.33, 1.33, 1.5, 0.75, 1.5, 1.33, 1.5, 1.33];

/** Stands where results will be. */
export function PhotoSkeleton({ kind }: { readonly kind: ItemKind }): VNode {
  return (
    <div class={kind === 'photo' ? 'photos-to-come' : 'captions'} aria-hidden="true">
      {RATIOS.map((ratio, index) => (
        <div
          key={index}
          class={kind === 'photo' ? 'photo-to-come skeleton' : 'caption skeleton'}
          style={{ '--ratio': ratio }}
        />
      ))}
    </div>
  );
}
