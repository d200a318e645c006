import sharp, { type Sharp } from 'sharp';

/** A house on a meadow under the sun: what `test/fixtures/pictures/scene.heic` shows, and what the writers of files put in. */
export const SCENE_SVG = `<svg xmlns="http://www.w3.org/2000/svg" width="320" height="200">
<rect width="320" height="200" fill="#8cf"/><circle cx="80" cy="60" r="30" fill="#fd3"/>
<rect x="0" y="140" width="320" height="60" fill="#3a3"/><path d="M180 140 l50 -70 l50 70z" fill="#a33"/></svg>`;

export const scene = (width = 320): Sharp => sharp(Buffer.from(SCENE_SVG)).flatten().resize({ width });

/** Mean absolute difference of two pictures' pixels, of 255. */
export function meanDifference(a: Uint8Array, b: Uint8Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += Math.abs((a[i] as number) - (b[i] as number));
  return a.length === b.length ? sum / a.length : Infinity;
}
