import type { ComponentChildren, VNode } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { PictureIcon } from './icons.js';
import { STRINGS } from './strings.js';

export interface DropZoneProps {
  readonly onPicture: (file: File) => void;
  readonly children: ComponentChildren;
}

/** Takes a picture that is dropped anywhere on the page, or pasted. */
export function DropZone({ onPicture, children }: DropZoneProps): VNode {
  const [over, setOver] = useState(false);
  const take = useRef(onPicture);
  take.current = onPicture;

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
        const file = event.dataTransfer?.files[0];
        if (file) take.current(file);
      },
      { signal },
    );
    addEventListener(
      'paste',
      (event) => {
        const file = [...(event.clipboardData?.files ?? [])].find(({ type }) => type.startsWith('image/'));
        if (file === undefined) return;
        event.preventDefault();
        take.current(file);
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
            <PictureIcon />
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
