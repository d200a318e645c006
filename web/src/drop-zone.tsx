import type { ComponentChildren, VNode } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { Icon } from './icon.js';
import { STRINGS } from './strings.js';

export interface DropZoneProps {
  readonly onPictures: (files: readonly File[]) => void;
  readonly children: ComponentChildren;
}

/** Takes pictures that are dropped anywhere on the page, or pasted. */
export function DropZone({ onPictures, children }: DropZoneProps): VNode {
  const [over, setOver] = useState(false);
  const take = useRef(onPictures);
  take.current = onPictures;

  useEffect(() => {
    const gone = new AbortController();
    const { signal } = gone;
    // Entering a child comes before leaving its parent, so only the balance tells whether the page was left.
    let depth = 0;
    const settle = (change: number, event: DragEvent): void => {
      if (!carriesFiles(event)) return;
      event.preventDefault();
      depth = Math.max(0, depth + change);
      setOver(depth > 0);
    };
    addEventListener('dragenter', (event) => settle(1, event), { signal });
    addEventListener('dragleave', (event) => settle(-1, event), { signal });
    // Without this the browser would open the file in place of the page.
    addEventListener('dragover', (event) => settle(0, event), { signal });
    addEventListener(
      'drop',
      (event) => {
        settle(-depth, event);
        const files = [...(event.dataTransfer?.files ?? [])];
        if (files.length > 0) take.current(files);
      },
      { signal },
    );
    addEventListener(
      'paste',
      (event) => {
        const files = [...(event.clipboardData?.files ?? [])].filter(({ type }) => type.startsWith('image/'));
        if (files.length === 0) return;
        event.preventDefault();
        take.current(files);
      },
      { signal },
    );
    return () => gone.abort();
  }, []);

  return (
    <>
      {children}
      {over && (
        <div class="drop" aria-hidden="true" data-testid="drop-overlay">
          <div class="drop-card">
            <Icon name="picture" />
            <p class="drop-title">{STRINGS.dropTitle}</p>
            <p>{STRINGS.dropText}</p>
          </div>
        </div>
      )}
    </>
  );
}

function carriesFiles(event: DragEvent): boolean {
  return event.dataTransfer?.types.includes('Files') ?? false;
}
