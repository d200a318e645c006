/**
 * The directories of a TIFF file, as far as finding pictures in it needs them. RAW files of most makers are TIFF files, some
 * under another magic number. Every count and offset is the file's word: what leads outside of it is passed over, and what
 * goes round in circles is walked once.
 */

/** Directories of an honest file: a main picture, a few previews, EXIF. */
const MAX_DIRECTORIES = 64;
const MAX_ENTRIES = 1024;
/** Values of one entry that are read: lists of strips may be long, and only whether there are several matters. */
const MAX_VALUES = 64;

const SHORT = 3;
const LONG = 4;
const IFD = 13;

export const TIFF_TAG = {
  subfileType: 0x00fe,
  width: 0x0100,
  compression: 0x0103,
  stripOffsets: 0x0111,
  orientation: 0x0112,
  stripByteCounts: 0x0117,
  subDirectories: 0x014a,
  jpegOffset: 0x0201,
  jpegLength: 0x0202,
  exifDirectory: 0x8769,
  gpsDirectory: 0x8825,
  dngVersion: 0xc612,
  /** Panasonic: the whole preview as one value. */
  panasonicJpeg: 0x002e,
} as const;

interface Entry {
  readonly type: number;
  readonly count: number;
  /** Where its four bytes of value or offset are. */
  readonly at: number;
}

export class TiffDirectory {
  readonly #view: DataView;
  readonly #littleEndian: boolean;
  readonly #entries: ReadonlyMap<number, Entry>;

  constructor(view: DataView, littleEndian: boolean, entries: ReadonlyMap<number, Entry>) {
    this.#view = view;
    this.#littleEndian = littleEndian;
    this.#entries = entries;
  }

  has(tag: number): boolean {
    return this.#entries.has(tag);
  }

  /** The whole numbers of an entry; none where it is not there or holds something else. */
  numbers(tag: number): number[] {
    const entry = this.#entries.get(tag);
    if (!entry || ![SHORT, LONG, IFD].includes(entry.type)) return [];
    const size = entry.type === SHORT ? 2 : 4;
    const start = size * entry.count <= 4 ? entry.at : this.#view.getUint32(entry.at, this.#littleEndian);
    const numbers: number[] = [];
    for (let i = 0; i < Math.min(entry.count, MAX_VALUES); i++) {
      const at = start + i * size;
      if (at + size > this.#view.byteLength) break;
      numbers.push(
        size === 2
          ? this.#view.getUint16(at, this.#littleEndian)
          : this.#view.getUint32(at, this.#littleEndian),
      );
    }
    return numbers;
  }

  number(tag: number): number | undefined {
    return this.numbers(tag)[0];
  }

  /** Where the bytes of an entry of single bytes lie. */
  block(tag: number): { readonly offset: number; readonly length: number } | undefined {
    const entry = this.#entries.get(tag);
    if (!entry || entry.count <= 4) return undefined;
    return { offset: this.#view.getUint32(entry.at, this.#littleEndian), length: entry.count };
  }
}

/** `II` or `MM`; which number follows differs between makers. */
function byteOrder(bytes: Uint8Array): boolean | undefined {
  if (bytes.length < 16) return undefined;
  if (bytes[0] === 0x49 && bytes[1] === 0x49) return true;
  if (bytes[0] === 0x4d && bytes[1] === 0x4d) return false;
  return undefined;
}

/** The directories in the order of the file, each followed by those inside it; none where it is no TIFF file. */
export function tiffDirectories(bytes: Uint8Array): TiffDirectory[] {
  const littleEndian = byteOrder(bytes);
  if (littleEndian === undefined) return [];
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const directories: TiffDirectory[] = [];
  const seen = new Set<number>();
  const waiting = [view.getUint32(4, littleEndian)];
  while (waiting.length > 0 && directories.length < MAX_DIRECTORIES) {
    const offset = waiting.shift() as number;
    if (offset < 8 || offset + 2 > view.byteLength || seen.has(offset)) continue;
    seen.add(offset);
    const count = view.getUint16(offset, littleEndian);
    const end = offset + 2 + count * 12;
    if (count > MAX_ENTRIES || end > view.byteLength) continue;
    const entries = new Map<number, Entry>();
    for (let at = offset + 2; at < end; at += 12) {
      const type = view.getUint16(at + 2, littleEndian);
      const entry = { type, count: view.getUint32(at + 4, littleEndian), at: at + 8 };
      entries.set(view.getUint16(at, littleEndian), entry);
    }
    const directory = new TiffDirectory(view, littleEndian, entries);
    directories.push(directory);
    const inside = [TIFF_TAG.subDirectories, TIFF_TAG.exifDirectory].flatMap((tag) => directory.numbers(tag));
    const next = end + 4 <= view.byteLength ? [view.getUint32(end, littleEndian)] : [];
    waiting.unshift(...inside, ...next);
  }
  return directories;
}
