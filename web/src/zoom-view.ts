/** How a photo lies on its stage: how large, and how far from the middle. */

export interface View {
  readonly scale: number;
  /** From the middle, in CSS pixels. */
  readonly x: number;
  readonly y: number;
}

export interface Point {
  readonly x: number;
  readonly y: number;
}

export const WHOLE: View = { scale: 1, x: 0, y: 0 };
const MOST = 8;

/** The view after zooming around a point: what lies under the point stays there, and no edge comes in. */
export function zoomed(view: View, factor: number, { x, y }: Point, half: Point): View {
  const scale = Math.min(MOST, Math.max(1, view.scale * factor));
  const grown = scale / view.scale;
  return kept({ scale, x: x - (x - view.x) * grown, y: y - (y - view.y) * grown }, half);
}

const within = (value: number, most: number): number => Math.min(most, Math.max(-most, value));

/** @param half of the width and height that the picture has at scale 1 */
export function kept({ scale, x, y }: View, half: Point): View {
  return { scale, x: within(x, half.x * (scale - 1)), y: within(y, half.y * (scale - 1)) };
}
