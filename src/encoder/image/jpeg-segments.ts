/** As much of a JPEG file as is needed to tell what it is without decoding it. */

export interface JpegShape {
  readonly width: number;
  readonly height: number;
  /** Whether it holds an EXIF segment, which then says how it is to be turned. */
  readonly hasExif: boolean;
}

const SOI = 0xd8;
const SOS = 0xda;
const APP1 = 0xe1;
const MAX_SEGMENTS = 512;

/** Baseline, extended and progressive: what cameras show. Lossless JPEG holds sensor data. */
const SHOWN: ReadonlySet<number> = new Set([0xc0, 0xc1, 0xc2]);

export function startsJpeg(bytes: Uint8Array, at = 0): boolean {
  return bytes[at] === 0xff && bytes[at + 1] === SOI && bytes[at + 2] === 0xff;
}

/** The shape of the picture that begins at `start`; undefined where there is none that can be shown. */
export function jpegShape(bytes: Uint8Array, start = 0): JpegShape | undefined {
  if (!startsJpeg(bytes, start)) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let at = start + 2;
  let hasExif = false;
  for (let segment = 0; segment < MAX_SEGMENTS && at + 9 < bytes.length; segment++) {
    if (bytes[at] !== 0xff) return undefined;
    const marker = bytes[at + 1] as number;
    if (marker === 0xff) {
      at++;
      continue;
    }
    if (marker === SOS) return undefined;
    if (SHOWN.has(marker)) {
      const [bits, components] = [bytes[at + 4], bytes[at + 9]];
      if (bits !== 8 || (components !== 1 && components !== 3)) return undefined;
      return { height: view.getUint16(at + 5), width: view.getUint16(at + 7), hasExif };
    }
    if (marker === APP1 && bytes[at + 4] === 0x45 && bytes[at + 5] === 0x78) hasExif = true;
    at += 2 + view.getUint16(at + 2);
  }
  return undefined;
}

/** The picture with an EXIF segment that says nothing but how it is to be turned. @param orientation 1…8, as in EXIF */
export function withOrientation(jpeg: Uint8Array, orientation: number): Uint8Array {
  const segment = Buffer.alloc(36);
  segment.set([0xff, APP1, 0, 34], 0);
  segment.write('Exif\0\0MM\0*', 4, 'latin1');
  segment.writeUInt32BE(8, 14);
  segment.writeUInt16BE(1, 18);
  segment.writeUInt16BE(0x0112, 20);
  segment.writeUInt16BE(3, 22);
  segment.writeUInt32BE(1, 24);
  segment.writeUInt16BE(orientation, 28);
  return Buffer.concat([jpeg.subarray(0, 2), segment, jpeg.subarray(2)]);
}
