/**
 * Windows bitmaps, which the picture library does not read: 1 to 32 bits a pixel, with a palette, with masks, or in runs
 * (RLE), from top or from bottom. What is called alpha in 32-bit bitmaps is mostly zero and means nothing, so it is left out.
 */
import { SightlineError } from '../../core/errors.js';
import type { RawImage } from './bicubic.js';

const FILE_HEADER = 14;
/** The header of OS/2, with shorter fields and a palette of three bytes a colour. */
const OLD_HEADER = 12;

const PLAIN = 0;
const RUNS_OF_BYTES = 1;
const RUNS_OF_NIBBLES = 2;
const MASKS = 3;
const MASKS_WITH_ALPHA = 6;

interface Header {
  readonly width: number;
  readonly height: number;
  readonly fromTop: boolean;
  readonly bits: number;
  readonly compression: number;
  /** Where the pixels begin. */
  readonly offset: number;
  readonly size: number;
  readonly colours: number;
}

function damaged(reason: string): SightlineError {
  const message = `Expected a whole BMP picture but ${reason}. Open it in a viewer to see whether it is damaged.`;
  return new SightlineError('ERR_IMAGE_UNREADABLE', message);
}

const viewOf = (bytes: Uint8Array): DataView =>
  new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

function header(bytes: Uint8Array): Header {
  if (bytes.length < FILE_HEADER + OLD_HEADER) throw damaged('its header is cut off');
  const view = viewOf(bytes);
  const size = view.getUint32(14, true);
  const offset = view.getUint32(10, true);
  if (size === OLD_HEADER) {
    const shape = { width: view.getUint16(18, true), height: view.getUint16(20, true), fromTop: false };
    return { ...shape, bits: view.getUint16(24, true), compression: PLAIN, offset, size, colours: 0 };
  }
  if (size < 40 || size > 1024 || bytes.length < FILE_HEADER + 40)
    throw damaged('its header has no known size');
  const height = view.getInt32(22, true);
  return {
    width: view.getInt32(18, true),
    height: Math.abs(height),
    fromTop: height < 0,
    bits: view.getUint16(28, true),
    compression: view.getUint32(30, true),
    offset,
    size,
    colours: view.getUint32(46, true),
  };
}

/** Size in pixels, before one is decoded. @throws ERR_IMAGE_UNREADABLE */
export function bitmapShape(bytes: Uint8Array): { readonly width: number; readonly height: number } {
  const { width, height } = header(bytes);
  if (width <= 0 || height <= 0) throw damaged(`it says it has ${width} × ${height} pixels`);
  return { width, height };
}

/** Red, green and blue of each palette entry; beyond its end all is black. */
function palette(bytes: Uint8Array, { bits, size, colours }: Header): Uint8Array {
  const entry = size === OLD_HEADER ? 3 : 4;
  const count = Math.min(colours || 2 ** bits, 256);
  const table = new Uint8Array(256 * 3);
  for (let i = 0; i < count; i++) {
    const at = FILE_HEADER + size + i * entry;
    for (let c = 0; c < 3; c++) table[i * 3 + c] = bytes[at + 2 - c] ?? 0;
  }
  return table;
}

/** Indices of the palette, one byte a pixel, rows as they are in the file. */
function unpackedIndices(bytes: Uint8Array, { width, height, bits, offset }: Header): Uint8Array {
  const stride = Math.ceil((width * bits) / 32) * 4;
  if (offset + stride * height > bytes.length) throw damaged('its pixels are cut off');
  const indices = new Uint8Array(width * height);
  const mask = 2 ** bits - 1;
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const bit = x * bits;
      const byte = bytes[offset + y * stride + (bit >> 3)] as number;
      indices[y * width + x] = (byte >> (8 - bits - (bit & 7))) & mask;
    }
  return indices;
}

const nibble = (byte: number, i: number): number => (i % 2 === 0 ? byte >> 4 : byte & 15);

/** A run is a count and a value; a count of zero is followed by a command: next row, end, jump, or values as they are. */
function unpackedRuns(bytes: Uint8Array, { width, height, bits, offset }: Header): Uint8Array {
  const indices = new Uint8Array(width * height);
  const isNibbles = bits === 4;
  let [x, y, at] = [0, 0, offset];
  const put = (index: number): void => {
    if (x < width && y < height) indices[y * width + x] = index;
    x++;
  };
  while (at + 1 < bytes.length && y < height) {
    const [count, value] = [bytes[at] as number, bytes[at + 1] as number];
    at += 2;
    if (count > 0) {
      for (let i = 0; i < count; i++) put(isNibbles ? nibble(value, i) : value);
    } else if (value === 0) {
      [x, y] = [0, y + 1];
    } else if (value === 1) {
      return indices;
    } else if (value === 2) {
      [x, y, at] = [x + (bytes[at] ?? 0), y + (bytes[at + 1] ?? 0), at + 2];
    } else {
      for (let i = 0; i < value; i++) {
        const byte = bytes[at + (isNibbles ? i >> 1 : i)] ?? 0;
        put(isNibbles ? nibble(byte, i) : byte);
      }
      const length = isNibbles ? (value + 1) >> 1 : value;
      at += length + (length & 1);
    }
  }
  if (y < height) throw damaged('its pixels are cut off');
  return indices;
}

interface Channel {
  readonly shift: number;
  readonly most: number;
}

function channel(mask: number): Channel {
  if (mask === 0) return { shift: 0, most: 0 };
  const shift = 31 - Math.clz32(mask & -mask);
  return { shift, most: mask >>> shift };
}

function channels(bytes: Uint8Array, { bits, compression, size }: Header): readonly Channel[] {
  if (compression === MASKS || compression === MASKS_WITH_ALPHA) {
    if (bytes.length < FILE_HEADER + 52 || size < 40) throw damaged('its colour masks are cut off');
    return [40, 44, 48].map((at) => channel(viewOf(bytes).getUint32(FILE_HEADER + at, true)));
  }
  return (bits === 16 ? [0x7c00, 0x3e0, 0x1f] : [0xff0000, 0xff00, 0xff]).map(channel);
}

/** Three channels of whole pixels, rows as they are in the file. */
function directColours(bytes: Uint8Array, head: Header): Uint8Array {
  const { width, height, bits, offset } = head;
  const step = bits / 8;
  const stride = Math.ceil((width * bits) / 32) * 4;
  if (offset + stride * height > bytes.length) throw damaged('its pixels are cut off');
  const pixels = new Uint8Array(width * height * 3);
  const rgb = channels(bytes, head);
  for (let y = 0, to = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const at = offset + y * stride + x * step;
      let value = 0;
      for (let i = 0; i < step; i++) value |= (bytes[at + i] as number) << (8 * i);
      for (const { shift, most } of rgb)
        pixels[to++] = most === 0 ? 0 : Math.round((((value >>> shift) & most) * 255) / most);
    }
  return pixels;
}

function coloured(indices: Uint8Array, table: Uint8Array): Uint8Array {
  const pixels = new Uint8Array(indices.length * 3);
  for (const [i, index] of indices.entries())
    for (let c = 0; c < 3; c++) pixels[i * 3 + c] = table[index * 3 + c] as number;
  return pixels;
}

function flipped(pixels: Uint8Array, width: number): Uint8Array {
  const row = width * 3;
  const result = new Uint8Array(pixels.length);
  for (let at = 0; at < pixels.length; at += row)
    result.set(pixels.subarray(at, at + row), pixels.length - row - at);
  return result;
}

/** The picture, three channels of 8 bits. Its size was checked by the caller. @throws ERR_IMAGE_UNREADABLE */
export function decodeBitmap(bytes: Uint8Array): RawImage {
  const { width, height } = bitmapShape(bytes);
  const head = header(bytes);
  const { bits, compression } = head;
  const isRuns =
    (compression === RUNS_OF_BYTES && bits === 8) || (compression === RUNS_OF_NIBBLES && bits === 4);
  let pixels: Uint8Array;
  if (isRuns) pixels = coloured(unpackedRuns(bytes, head), palette(bytes, head));
  else if (compression === PLAIN && [1, 2, 4, 8].includes(bits))
    pixels = coloured(unpackedIndices(bytes, head), palette(bytes, head));
  else if ([PLAIN, MASKS, MASKS_WITH_ALPHA].includes(compression) && [16, 24, 32].includes(bits))
    pixels = directColours(bytes, head);
  else throw damaged(`it has ${bits} bits a pixel in a coding (${compression}) that is not known`);
  return { pixels: head.fromTop ? pixels : flipped(pixels, width), width, height, channels: 3 };
}
