/** The segments before a JPEG file's pixels: they say what it is, and hold what it says about itself. */

export interface JpegSegment {
  readonly marker: number;
  /** Where its bytes begin, behind the two of its marker; the first two say how many they are. */
  readonly start: number;
}

export const JPEG_MARKER = { app1: 0xe1, app13: 0xed, startOfScan: 0xda } as const;

const START_OF_IMAGE = 0xd8;
const MARKER = 0xff;
const MAX_SEGMENTS = 512;

export function startsJpeg(bytes: Uint8Array, at = 0): boolean {
  return bytes[at] === MARKER && bytes[at + 1] === START_OF_IMAGE && bytes[at + 2] === MARKER;
}

/** The segments of the JPEG that begins at `at`, up to the start of its pixels; fewer where it is damaged before. */
export function* jpegSegments(bytes: Uint8Array, at = 0): Generator<JpegSegment> {
  if (!startsJpeg(bytes, at)) return;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let next = at + 2;
  for (let count = 0; count < MAX_SEGMENTS && next + 4 <= bytes.length; count++) {
    const marker = bytes[next + 1] as number;
    if (bytes[next] !== MARKER) return;
    // Any number of fill bytes may stand before a marker.
    if (marker === MARKER) {
      next++;
      continue;
    }
    yield { marker, start: next + 2 };
    if (marker === JPEG_MARKER.startOfScan) return;
    next += 2 + view.getUint16(next + 2);
  }
}
