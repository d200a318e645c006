/**
 * How a picture becomes the square that a model reads: `stretch` changes its proportions and shows all of it; `centre-crop`
 * scales the shorter side to the square's and cuts the ends of the longer one off, with the roundings of the official loader.
 */
import type { RawImage } from './bicubic.js';

export type Resize = 'stretch' | 'centre-crop';

export interface ModelFrame {
  /** The scaled picture. */
  readonly width: number;
  readonly height: number;
  /** Where in it the square begins. */
  readonly left: number;
  readonly top: number;
}

/** A strip longer than this is no photo, and would take gigabytes; it is squeezed to as much before its ends are cut. */
const LONGEST = 16;

/** To the nearest, halves to the even one, as Python does it. */
function rounded(value: number): number {
  const nearest = Math.round(value);
  return nearest - value === 0.5 && nearest % 2 !== 0 ? nearest - 1 : nearest;
}

/** @param size side of the model's pictures */
export function modelFrame(
  { width, height }: { readonly width: number; readonly height: number },
  size: number,
  resize: Resize,
): ModelFrame {
  if (resize === 'stretch') return { width: size, height: size, left: 0, top: 0 };
  const shorter = Math.min(width, height);
  const scaled = (side: number): number => Math.min(LONGEST * size, Math.floor((size * side) / shorter));
  const frame = { width: scaled(width), height: scaled(height) };
  return { ...frame, left: rounded((frame.width - size) / 2), top: rounded((frame.height - size) / 2) };
}

/** The square of a picture that was scaled to a frame. */
export function framed(
  { pixels, width, height, channels }: RawImage,
  frame: ModelFrame,
  size: number,
): Uint8Array {
  if (width === size && height === size) return pixels;
  const square = new Uint8Array(size * size * channels);
  for (let y = 0; y < size; y++) {
    const start = ((frame.top + y) * width + frame.left) * channels;
    square.set(pixels.subarray(start, start + size * channels), y * size * channels);
  }
  return square;
}
