/**
 * Where in a picture a score comes from, found without looking inside the model: parts of the picture are covered, and what
 * the score loses is put down to what was covered ("occlusion"). It needs nothing but pictures in and scores out, so it
 * explains every model and every head alike, the dual encoder's similarity included; attention maps and gradients would need
 * graphs of their own, and attention is not relevance.
 *
 * A cell alone is little: its loss drowns in what the model rounds. So a window of two by two cells wanders over the picture
 * in steps of one cell, and a cell's relevance is the mean loss of the windows that covered it. Windows are filled with the
 * picture's mean colour, which is the least there is to see.
 *
 * For a word, the same is done with the text without the word: what the cell matters to the whole text more than to the text
 * without the word is what it matters to the word.
 */

/** RGB, 8 bits: [size, size, 3]. */
export interface SquarePicture {
  readonly pixels: Uint8Array;
  readonly size: number;
}

/** Row by row, in units of the score: how much lower it is without the cell. */
export interface Relevance {
  readonly cells: number;
  readonly values: readonly number[];
}

const CHANNELS = 3;
/** Along one axis of a window. */
const WINDOW = 2;
/** Along one axis of a picture, at most: more would cost more than it shows. */
const MOST_CELLS = 8;

/** Cells along an axis: as many as there are patches, but not more than eight. */
export function cellCount(patches: number): number {
  return Math.min(patches, MOST_CELLS);
}

function meanColour({ pixels }: SquarePicture): readonly number[] {
  const sums = [0, 0, 0];
  for (let i = 0; i < pixels.length; i++)
    sums[i % CHANNELS] = (sums[i % CHANNELS] as number) + (pixels[i] as number);
  return sums.map((sum) => Math.round((sum * CHANNELS) / pixels.length));
}

/** A copy in which these cells are covered. */
export function covered(picture: SquarePicture, cells: number, hidden: Iterable<number>): Uint8Array {
  const { size } = picture;
  // Not `slice`: of a Buffer that would be the same memory.
  const pixels = new Uint8Array(picture.pixels);
  const colour = meanColour(picture);
  const edge = (cell: number): number => Math.round((cell * size) / cells);
  for (const cell of hidden) {
    const [row, column] = [Math.floor(cell / cells), cell % cells];
    for (let y = edge(row); y < edge(row + 1); y++) {
      for (let x = edge(column); x < edge(column + 1); x++) {
        for (let c = 0; c < CHANNELS; c++) pixels[(y * size + x) * CHANNELS + c] = colour[c] as number;
      }
    }
  }
  return pixels;
}

/** The cells of every window, windows row by row. They begin and end beyond the edges, so that each cell is in four. */
export function windows(cells: number): number[][] {
  const steps = cells + WINDOW - 1;
  return Array.from({ length: steps * steps }, (_, place) => {
    const [top, left] = [Math.floor(place / steps) - WINDOW + 1, (place % steps) - WINDOW + 1];
    return Array.from({ length: WINDOW * WINDOW }, (_cell, i) => {
      const [row, column] = [top + Math.floor(i / WINDOW), left + (i % WINDOW)];
      const inside = row >= 0 && row < cells && column >= 0 && column < cells;
      return inside ? [row * cells + column] : [];
    }).flat();
  });
}

/** The mean of what the windows lost, for each cell. */
export function relevance(cells: number, losses: readonly number[]): Relevance {
  const sums = Array.from({ length: cells * cells }, () => ({ loss: 0, count: 0 }));
  for (const [place, window] of windows(cells).entries()) {
    for (const cell of window) {
      const sum = sums[cell];
      if (sum === undefined) continue;
      sum.loss += losses[place] as number;
      sum.count++;
    }
  }
  return { cells, values: sums.map(({ loss, count }) => loss / count) };
}
