import type { Hit } from './contract.js';

/** The shape that most cameras give, for photos whose size is not known. */
const USUAL_RATIO = 4 / 3;
/** Panoramas and scrolls are cropped in the grid, or they would be all one sees of a row. */
const NARROWEST = 0.6;
const WIDEST = 2;

export function photoRatio({ width, height }: Pick<Hit, 'width' | 'height'>): number {
  return width && height ? width / height : USUAL_RATIO;
}

export function tileRatio(hit: Pick<Hit, 'width' | 'height'>): number {
  return Math.min(WIDEST, Math.max(NARROWEST, photoRatio(hit)));
}
