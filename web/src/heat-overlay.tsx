import type { VNode } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';

export interface HeatOverlayProps {
  /** Along each axis. */
  readonly cells: number;
  /** 0…1, row by row. */
  readonly heat: readonly number[];
}

/** Of the dark over what does not matter, and of the warm colour over what does. */
const DIMMED = 165;
const WARM = { red: 255, green: 104, blue: 32, alpha: 130 } as const;

/** A pixel for each cell; the browser makes it large and soft. */
export function HeatOverlay({ cells, heat }: HeatOverlayProps): VNode {
  const canvas = useRef<HTMLCanvasElement>(null);
  useLayoutEffect(() => {
    const context = canvas.current?.getContext('2d');
    if (!context) return;
    const image = context.createImageData(cells, cells);
    for (const [cell, value] of heat.entries()) {
      const alpha = DIMMED * (1 - value) + WARM.alpha * value;
      image.data.set([WARM.red * value, WARM.green * value, WARM.blue * value, alpha], cell * 4);
    }
    context.putImageData(image, 0, 0);
  }, [cells, heat]);
  return (
    <canvas class="heat" ref={canvas} width={cells} height={cells} aria-hidden="true" data-testid="heat" />
  );
}
