/** As much of a JPEG file as is needed to tell what it is without decoding it. */
import { JPEG_MARKER, jpegSegments } from '../../core/jpeg-segments.js';

export interface JpegShape {
  readonly width: number;
  readonly height: number;
  /** Whether it holds an EXIF segment, which then says how it is to be turned. */
  readonly hasExif: boolean;
}

/** Baseline, extended and progressive: what cameras show. Lossless JPEG holds sensor data. */
const SHOWN: ReadonlySet<number> = new Set([0xc0, 0xc1, 0xc2]);

/** The shape of the picture that begins at `at`; undefined where there is none that can be shown. */
export function jpegShape(bytes: Uint8Array, at = 0): JpegShape | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let hasExif = false;
  for (const { marker, start } of jpegSegments(bytes, at)) {
    if (SHOWN.has(marker) && start + 8 <= bytes.length) {
      const [bits, components] = [bytes[start + 2], bytes[start + 7]];
      if (bits !== 8 || (components !== 1 && components !== 3)) return undefined;
      return { height: view.getUint16(start + 3), width: view.getUint16(start + 5), hasExif };
    }
    if (marker === JPEG_MARKER.app1 && bytes[start + 2] === 0x45 && bytes[start + 3] === 0x78) hasExif = true;
  }
  return undefined;
}

/** The picture with an EXIF segment that says nothing but how it is to be turned. @param orientation 1…8, as in EXIF */
export function withOrientation(jpeg: Uint8Array, orientation: number): Uint8Array {
  const segment = Buffer.alloc(36);
  segment.set([0xff, JPEG_MARKER.app1, 0, 34], 0);
  segment.write('Exif\0\0MM\0*', 4, 'latin1');
  segment.writeUInt32BE(8, 14);
  segment.writeUInt16BE(1, 18);
  segment.writeUInt16BE(0x0112, 20);
  segment.writeUInt16BE(3, 22);
  segment.writeUInt32BE(1, 24);
  segment.writeUInt16BE(orientation, 28);
  return Buffer.concat([jpeg.subarray(0, 2), segment, jpeg.subarray(2)]);
}
