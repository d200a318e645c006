/**
 * RAW files by what their camera put into them to look at. Developing sensor data is another program's work; every camera
 * stores a JPEG beside it, mostly of full size, developed as the photographer saw it. It is what is embedded and shown.
 *
 *   TIFF files under several names   CR2, NEF, ARW, DNG, ORF, RW2, PEF …: pictures hang on directories and directories
 *                                    inside directories; Panasonic keeps one as a plain value
 *   RAF                              Fujifilm: a header whose bytes 84 to 91 say where the JPEG is
 *   CR3                              Canon: ISO boxes; the full picture is the first sample of a track, a smaller one has a
 *                                    box of its own
 *
 * Where makers hide it deeper (Olympus: in the maker note) the file is searched for the beginning of a JPEG. Whatever is
 * found must have a JPEG's header, and the one with the most pixels is taken. The camera's own orientation is applied where
 * the preview does not bring one.
 */
import { startsJpeg } from '../../core/jpeg-segments.js';
import { isoBox, isoBoxes, uuidBox } from './iso-boxes.js';
import { jpegShape, withOrientation } from './jpeg-segments.js';
import { TIFF_TAG, type TiffDirectory, tiffDirectories } from './tiff-directories.js';

/** A preview with fewer pixels on its long side is a thumbnail for the camera's own list, not a picture. */
const LEAST_SIDE = 160;
/** Beginnings of JPEG pictures that are looked at where nothing says where one is. */
const MAX_FOUND = 64;

const CANON_METADATA = '85c0b687820f11e08111f4ce462b6a48';
const CANON_PREVIEW = 'eaf42b5e1c984b88b9fbb7dc406e4d16';

interface Place {
  readonly offset: number;
  readonly length: number;
}

function inDirectory(directory: TiffDirectory): Place[] {
  const places: Place[] = [];
  const add = (offset: number | undefined, length: number | undefined): void => {
    if (offset !== undefined && length !== undefined) places.push({ offset, length });
  };
  add(directory.number(TIFF_TAG.jpegOffset), directory.number(TIFF_TAG.jpegLength));
  // A picture in several strips is sensor data.
  if (directory.numbers(TIFF_TAG.stripOffsets).length === 1)
    add(directory.number(TIFF_TAG.stripOffsets), directory.number(TIFF_TAG.stripByteCounts));
  const panasonic = directory.block(TIFF_TAG.panasonicJpeg);
  if (panasonic) places.push(panasonic);
  return places;
}

function inFujifilm(bytes: Uint8Array): Place[] {
  if (bytes.length < 92) return [];
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return [{ offset: view.getUint32(84), length: view.getUint32(88) }];
}

/** Of each track, the first sample. */
function inTracks(bytes: Uint8Array): Place[] {
  const moov = isoBox(bytes, ['moov']);
  if (!moov) return [];
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return isoBoxes(bytes, moov.start, moov.end).flatMap((track): Place[] => {
    const table = track.type === 'trak' ? isoBox(bytes, ['mdia', 'minf', 'stbl'], track) : undefined;
    const [sizes, offsets] = [isoBox(bytes, ['stsz'], table), isoBox(bytes, ['co64'], table)];
    if (!table || !sizes || !offsets || sizes.end - sizes.start < 16 || offsets.end - offsets.start < 16)
      return [];
    const common = view.getUint32(sizes.start + 4);
    const length = common === 0 ? view.getUint32(sizes.start + 12) : common;
    const offset = view.getUint32(offsets.start + 8) * 2 ** 32 + view.getUint32(offsets.start + 12);
    return [{ offset, length }];
  });
}

function inCanonPreview(bytes: Uint8Array): Place[] {
  const box = uuidBox(bytes, CANON_PREVIEW);
  return box ? found(bytes, box.start, box.end) : [];
}

/** Beginnings of JPEG pictures between two positions. */
function found(bytes: Uint8Array, from: number, to: number): Place[] {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const mark = Buffer.from([0xff, 0xd8, 0xff]);
  const places: Place[] = [];
  let at = buffer.indexOf(mark, from);
  while (at >= 0 && at < to && places.length < MAX_FOUND) {
    if (jpegShape(bytes, at)) places.push({ offset: at, length: to - at });
    at = buffer.indexOf(mark, at + 3);
  }
  return places;
}

interface Candidate {
  readonly jpeg: Uint8Array;
  readonly pixels: number;
  readonly hasExif: boolean;
}

function best(bytes: Uint8Array, places: readonly Place[]): Candidate | undefined {
  let largest: Candidate | undefined;
  for (const { offset, length } of places) {
    if (offset >= bytes.length || !startsJpeg(bytes, offset)) continue;
    const shape = jpegShape(bytes, offset);
    if (!shape || Math.max(shape.width, shape.height) < LEAST_SIDE) continue;
    const pixels = shape.width * shape.height;
    const jpeg = bytes.subarray(offset, Math.min(bytes.length, offset + length));
    if (!largest || pixels > largest.pixels) largest = { jpeg, pixels, hasExif: shape.hasExif };
  }
  return largest;
}

function isFujifilm(bytes: Uint8Array): boolean {
  return Buffer.from(bytes.subarray(0, 8)).toString('latin1') === 'FUJIFILM';
}

function isIso(bytes: Uint8Array): boolean {
  return Buffer.from(bytes.subarray(4, 8)).toString('latin1') === 'ftyp';
}

/** The TIFF blocks in which Canon's CR3 keeps what other files have as directories: main, EXIF, GPS. */
function canonBlocks(bytes: Uint8Array): Partial<Record<'CMT1' | 'CMT2' | 'CMT4', Uint8Array>> {
  const box = uuidBox(bytes, CANON_METADATA, isoBox(bytes, ['moov']));
  const boxes = box ? isoBoxes(bytes, box.start, box.end) : [];
  return Object.fromEntries(boxes.map(({ type, start, end }) => [type, bytes.subarray(start, end)]));
}

function orientationOf(bytes: Uint8Array): number {
  const tiff = isIso(bytes) ? (canonBlocks(bytes).CMT1 ?? new Uint8Array()) : bytes;
  const orientation = tiffDirectories(tiff)[0]?.number(TIFF_TAG.orientation) ?? 1;
  return orientation >= 1 && orientation <= 8 ? orientation : 1;
}

/** The largest picture in a RAW file, as a JPEG that is turned as the camera was; undefined where there is none. */
export function rawPreview(bytes: Uint8Array): Uint8Array | undefined {
  const named = isFujifilm(bytes)
    ? inFujifilm(bytes)
    : isIso(bytes)
      ? [...inTracks(bytes), ...inCanonPreview(bytes)]
      : tiffDirectories(bytes).flatMap(inDirectory);
  const preview = best(bytes, named) ?? best(bytes, found(bytes, 0, bytes.length));
  if (!preview) return undefined;
  const orientation = preview.hasExif ? 1 : orientationOf(bytes);
  return orientation === 1 ? preview.jpeg : withOrientation(preview.jpeg, orientation);
}

/** A TIFF file whose first picture is only a preview of the data in a directory inside: RAW by its structure. */
export function isRawTiff(bytes: Uint8Array): boolean {
  const [main] = tiffDirectories(bytes);
  if (!main) return false;
  if (main.has(TIFF_TAG.dngVersion)) return true;
  return main.number(TIFF_TAG.subfileType) === 1 && main.has(TIFF_TAG.subDirectories);
}

/** One of Canon's blocks as what a directory of a TIFF file points to. */
function underTag(block: Uint8Array, tag: number): Uint8Array {
  const littleEndian = block[0] === 0x49;
  const view = new DataView(block.buffer, block.byteOffset, block.byteLength);
  const whole = Buffer.alloc(block.length + 18);
  whole.set(block);
  const directory = new DataView(whole.buffer, whole.byteOffset, whole.byteLength);
  directory.setUint16(block.length, 1, littleEndian);
  directory.setUint16(block.length + 2, tag, littleEndian);
  directory.setUint16(block.length + 4, 4, littleEndian);
  directory.setUint32(block.length + 6, 1, littleEndian);
  directory.setUint32(block.length + 10, view.getUint32(4, littleEndian), littleEndian);
  directory.setUint32(4, block.length, littleEndian);
  return whole;
}

/** What of a RAW file a reader of metadata understands: plain TIFF and JPEG, one or several. */
export function rawDescription(bytes: Uint8Array): Uint8Array[] {
  if (isFujifilm(bytes))
    return found(bytes, 0, bytes.length)
      .slice(0, 1)
      .map(({ offset }) => bytes.subarray(offset));
  if (isIso(bytes)) {
    const { CMT1, CMT2, CMT4 } = canonBlocks(bytes);
    const blocks = [
      CMT1,
      CMT2 && underTag(CMT2, TIFF_TAG.exifDirectory),
      CMT4 && underTag(CMT4, TIFF_TAG.gpsDirectory),
    ];
    return blocks.filter((block) => block !== undefined && block.length >= 16) as Uint8Array[];
  }
  const isPlain = bytes[2] === 0x2a || bytes[3] === 0x2a;
  if (isPlain) return [bytes];
  const plain = Buffer.from(bytes);
  plain[bytes[0] === 0x49 ? 2 : 3] = 0x2a;
  plain[bytes[0] === 0x49 ? 3 : 2] = 0;
  return [plain];
}
