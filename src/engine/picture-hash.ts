/**
 * A fingerprint of how a picture looks, the same after it was resized or compressed again: the picture is averaged to a few
 * grey cells, and each bit says whether a cell is brighter than its neighbour, 64 bits to the right and 64 downwards (a
 * difference hash). Only order counts, so a change of brightness or contrast changes nothing. It knows nothing of what the
 * picture shows: two photos of one wall can agree, so it is only asked about pairs that the model finds alike.
 */
const CELLS = 9;
const COMPARED = 8;
/** Cells that differ by less are as good as equal: noise must not decide. */
const NOISE = 0.75;

export const HASH_BITS: number = 2 * COMPARED * COMPARED;

/** @param pixels RGB, row by row, [size, size, 3] */
export function pictureHash(pixels: Uint8Array, size: number): Uint8Array {
  const grey = new Float64Array(CELLS * CELLS);
  const counts = new Float64Array(CELLS * CELLS);
  for (let y = 0, at = 0; y < size; y++) {
    const row = Math.floor((y * CELLS) / size) * CELLS;
    for (let x = 0; x < size; x++, at += 3) {
      const cell = row + Math.floor((x * CELLS) / size);
      // Luma of BT.601, near enough for an order.
      const luma =
        0.299 * (pixels[at] as number) +
        0.587 * (pixels[at + 1] as number) +
        0.114 * (pixels[at + 2] as number);
      grey[cell] = (grey[cell] as number) + luma;
      counts[cell] = (counts[cell] as number) + 1;
    }
  }
  const brightness = (row: number, column: number): number => {
    const cell = row * CELLS + column;
    return (grey[cell] as number) / Math.max(1, counts[cell] as number);
  };
  const bits = new Uint8Array(HASH_BITS);
  for (let row = 0; row < COMPARED; row++) {
    for (let column = 0; column < COMPARED; column++) {
      const bit = row * COMPARED + column;
      const here = brightness(row, column);
      bits[bit] = Number(here > brightness(row, column + 1) + NOISE);
      bits[HASH_BITS / 2 + bit] = Number(here > brightness(row + 1, column) + NOISE);
    }
  }
  return bits;
}

/** Bits that differ. */
export function hashDistance(a: Uint8Array, b: Uint8Array): number {
  let distance = 0;
  for (let bit = 0; bit < a.length; bit++) if (a[bit] !== b[bit]) distance++;
  return distance;
}
