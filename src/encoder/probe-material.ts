/** What models are tried with where no photos are at hand: made, so that it is the same everywhere. */

export const PROBE_TEXTS = [
  'a photo',
  'two dogs running on the beach at sunset',
  'an old man in a red coat sells fruit at a market stall while children look on',
  'snow',
] as const;

/** RGB [size, size, 3] of coarse waves, another length for each number: no two alike, no file needed. */
export function probePicture(number: number, size: number): Uint8Array {
  return Uint8Array.from({ length: size * size * 3 }, (_, i) => {
    const [x, y] = [Math.floor(i / 3) % size, Math.floor(i / (3 * size))];
    return 128 + 100 * Math.sin((x * (number + 1) + y * (i % 3)) / (size / 6));
  });
}
