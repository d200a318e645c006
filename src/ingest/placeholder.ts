/**
 * A ThumbHash: about 25 bytes that show a blurred likeness until the preview has come. It is made from the pixels that
 * the model reads, stretched back to the picture's own shape, so that it costs no further decoding.
 */
import { rgbaToThumbHash } from 'thumbhash';

/** Long side of what is hashed. The hash holds at most 7 waves a side: more pixels cost time and add nothing. */
const SIDE = 32;
const OPAQUE = 255;

/**
 * @param pixels RGB of a square picture, [side, side, 3]
 * @param width and height of the picture as people see it, in pixels
 */
export function placeholderOf(pixels: Uint8Array, width: number, height: number): Uint8Array {
  const side = Math.sqrt(pixels.length / 3);
  const scale = SIDE / Math.max(width, height);
  const columns = Math.max(1, Math.round(width * scale));
  const rows = Math.max(1, Math.round(height * scale));
  const small = new Uint8Array(columns * rows * 4);
  for (let row = 0; row < rows; row++) {
    const [top, bottom] = span(row, rows, side);
    for (let column = 0; column < columns; column++) {
      const [left, right] = span(column, columns, side);
      let red = 0;
      let green = 0;
      let blue = 0;
      for (let y = top; y < bottom; y++) {
        for (let at = (y * side + left) * 3, end = (y * side + right) * 3; at < end; at += 3) {
          red += pixels[at] as number;
          green += pixels[at + 1] as number;
          blue += pixels[at + 2] as number;
        }
      }
      const count = (bottom - top) * (right - left);
      const cell = (row * columns + column) * 4;
      small[cell] = red / count;
      small[cell + 1] = green / count;
      small[cell + 2] = blue / count;
      small[cell + 3] = OPAQUE;
    }
  }
  return rgbaToThumbHash(columns, rows, small);
}

/** The pixels of one side that cell `index` of `cells` covers, at least one. */
function span(index: number, cells: number, side: number): readonly [number, number] {
  const from = Math.min(side - 1, Math.floor((index * side) / cells));
  return [from, Math.max(from + 1, Math.floor(((index + 1) * side) / cells))];
}
