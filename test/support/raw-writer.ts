/** RAW files as cameras build them, around any JPEG and with nothing in place of sensor data. */

interface Value {
  readonly tag: number;
  readonly type: 1 | 2 | 3 | 4 | 7;
  readonly values: readonly number[] | Uint8Array | string;
}

type Block = readonly Value[];

const SIZES = { 1: 1, 2: 1, 3: 2, 4: 4, 7: 1 } as const;

/** Writes little-endian TIFF structures one behind the other. */
export class TiffWriter {
  #bytes: Buffer;

  constructor(header: Uint8Array) {
    this.#bytes = Buffer.from(header);
  }

  get bytes(): Buffer {
    return this.#bytes;
  }

  /** @returns where it lies */
  append(bytes: Uint8Array): number {
    const at = this.#bytes.length + (this.#bytes.length & 1);
    this.#bytes = Buffer.concat([this.#bytes, Buffer.alloc(at - this.#bytes.length), bytes]);
    return at;
  }

  /** @returns where the directory lies */
  directory(entries: Block, next = 0): number {
    const sorted = [...entries].toSorted((a, b) => a.tag - b.tag);
    const encoded = sorted.map((entry) => this.#value(entry));
    const block = Buffer.alloc(2 + sorted.length * 12 + 4);
    block.writeUInt16LE(sorted.length, 0);
    for (const [i, { tag, type }] of sorted.entries()) {
      const { count, field } = encoded[i] as (typeof encoded)[number];
      block.writeUInt16LE(tag, 2 + i * 12);
      block.writeUInt16LE(type, 4 + i * 12);
      block.writeUInt32LE(count, 6 + i * 12);
      field.copy(block, 10 + i * 12);
    }
    block.writeUInt32LE(next, block.length - 4);
    return this.append(block);
  }

  startAt(directory: number): Buffer {
    this.#bytes.writeUInt32LE(directory, 4);
    return this.#bytes;
  }

  #value({ type, values }: Value): { readonly count: number; readonly field: Buffer } {
    const list = typeof values === 'string' ? Buffer.from(`${values}\0`, 'latin1') : values;
    const bytes = Buffer.alloc(Math.max(4, list.length * SIZES[type]));
    for (const [i, value] of [...list].entries()) bytes.writeUIntLE(value, i * SIZES[type], SIZES[type]);
    if (list.length * SIZES[type] <= 4) return { count: list.length, field: bytes.subarray(0, 4) };
    const offset = Buffer.alloc(4);
    offset.writeUInt32LE(this.append(bytes), 0);
    return { count: list.length, field: offset };
  }
}

const header = (mark: string, number: readonly [number, number], rest = 0): Buffer =>
  Buffer.concat([Buffer.from(mark, 'latin1'), Buffer.from([...number, 0, 0, 0, 0]), Buffer.alloc(rest)]);

export interface RawParts {
  readonly preview: Uint8Array;
  /** Small, for the camera's own list. */
  readonly thumbnail: Uint8Array;
  readonly orientation?: number;
}

const short = (tag: number, ...values: number[]): Value => ({ tag, type: 3, values });
const long = (tag: number, ...values: number[]): Value => ({ tag, type: 4, values });
const text = (tag: number, values: string): Value => ({ tag, type: 2, values });

const camera = (make: string, model: string, orientation = 1): Value[] => [
  text(0x010f, make),
  text(0x0110, model),
  short(0x0112, orientation),
];

function exif(writer: TiffWriter): Value {
  const date = text(0x9003, '2021:03:04 05:06:07');
  return long(0x8769, writer.directory([date, short(0x8827, 400)]));
}

const noise = (length: number): Buffer => Buffer.from(Array.from({ length }, (_, i) => (i * 37) % 251));

/** The main directory holds the preview in one strip, the next one the thumbnail. */
function cr2({ preview, thumbnail, orientation }: RawParts): Buffer {
  const writer = new TiffWriter(header('II', [42, 0], 0));
  writer.append(Buffer.from('CR\x02\0\0\0\0\0', 'latin1'));
  const [large, small] = [writer.append(preview), writer.append(thumbnail)];
  const next = writer.directory([long(0x0201, small), long(0x0202, thumbnail.length)]);
  const main = [short(0x0103, 6), long(0x0111, large), long(0x0117, preview.length)];
  const { bytes: _ } = writer;
  return writer.startAt(
    writer.directory([...camera('Canon', 'Canon EOS 5D', orientation), ...main, exif(writer)], next),
  );
}

/** The main directory is a tiny picture; the preview hangs on a directory inside, beside sensor data in strips. */
function nef({ preview, thumbnail, orientation }: RawParts): Buffer {
  const writer = new TiffWriter(header('II', [42, 0]));
  const [large, sensor] = [writer.append(preview), writer.append(noise(2000))];
  const withPreview = writer.directory([long(0x00fe, 1), long(0x0201, large), long(0x0202, preview.length)]);
  const withSensor = writer.directory([
    long(0x00fe, 0),
    short(0x0103, 34_713),
    long(0x0111, sensor, sensor + 1000),
    long(0x0117, 1000, 1000),
  ]);
  const tiny = [long(0x00fe, 1), long(0x0111, writer.append(thumbnail)), long(0x0117, thumbnail.length)];
  const inside = long(0x014a, withPreview, withSensor);
  return writer.startAt(
    writer.directory([
      ...camera('NIKON CORPORATION', 'NIKON D850', orientation),
      ...tiny,
      inside,
      exif(writer),
    ]),
  );
}

function arw({ preview, orientation }: RawParts): Buffer {
  const writer = new TiffWriter(header('II', [42, 0]));
  const large = writer.append(preview);
  const main = [long(0x00fe, 1), long(0x0201, large), long(0x0202, preview.length)];
  const mark: Value = { tag: 0xc4a5, type: 7, values: noise(16) };
  return writer.startAt(
    writer.directory([...camera('SONY', 'ILCE-7M3', orientation), ...main, exif(writer), mark]),
  );
}

function dng({ preview, thumbnail, orientation }: RawParts): Buffer {
  const writer = new TiffWriter(header('II', [42, 0]));
  const large = writer.append(preview);
  const inside = writer.directory([
    long(0x00fe, 1),
    short(0x0103, 7),
    long(0x0111, large),
    long(0x0117, preview.length),
  ]);
  const tiny = [long(0x00fe, 1), long(0x0111, writer.append(thumbnail)), long(0x0117, thumbnail.length)];
  const version: Value = { tag: 0xc612, type: 1, values: [1, 4, 0, 0] };
  return writer.startAt(
    writer.directory([
      ...camera('Apple', 'iPhone 12 Pro', orientation),
      ...tiny,
      long(0x014a, inside),
      exif(writer),
      version,
    ]),
  );
}

/** The preview is hidden where no directory leads: Olympus keeps it in its maker note. */
function orf({ preview, orientation }: RawParts): Buffer {
  const writer = new TiffWriter(header('II', [0x52, 0x4f]));
  writer.append(noise(300));
  writer.append(preview);
  return writer.startAt(writer.directory([...camera('OLYMPUS', 'E-M1', orientation), exif(writer)]));
}

/** The preview is the value of an entry. */
function rw2({ preview, orientation }: RawParts): Buffer {
  const guid = Buffer.from('88e774d8f825 1d4d947a6e77822b5d6a'.replaceAll(' ', ''), 'hex');
  const writer = new TiffWriter(Buffer.concat([header('II', [0x55, 0]), guid]));
  const value: Value = { tag: 0x002e, type: 7, values: preview };
  return writer.startAt(
    writer.directory([...camera('Panasonic', 'DC-GH5', orientation), value, exif(writer)]),
  );
}

/** A header, then a JPEG with EXIF of its own. */
function raf({ preview }: RawParts): Buffer {
  const head = Buffer.alloc(160);
  head.write('FUJIFILMCCD-RAW 0201FF383501X-T3', 0, 'latin1');
  head.writeUInt32BE(head.length, 84);
  head.writeUInt32BE(preview.length, 88);
  return Buffer.concat([head, preview, noise(1000)]);
}

function box(type: string, ...contents: readonly Uint8Array[]): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), ...contents]);
  const size = Buffer.alloc(4);
  size.writeUInt32BE(body.length + 4, 0);
  return Buffer.concat([size, body]);
}

function tiffBlock(entries: Block): Buffer {
  const writer = new TiffWriter(header('II', [42, 0]));
  return writer.startAt(writer.directory(entries));
}

function cr3({ preview, orientation }: RawParts): Buffer {
  const type = box('ftyp', Buffer.from('crx \0\0\0\x01crx isom', 'latin1'));
  const blocks = [
    box('CMT1', tiffBlock(camera('Canon', 'Canon EOS R5', orientation))),
    box('CMT2', tiffBlock([text(0x9003, '2021:03:04 05:06:07'), short(0x8827, 400)])),
  ];
  const metadata = box('uuid', Buffer.from('85c0b687820f11e08111f4ce462b6a48', 'hex'), ...blocks);
  const movie = (offset: number): Buffer => {
    const sizes = Buffer.alloc(16);
    sizes.writeUInt32BE(1, 8);
    sizes.writeUInt32BE(preview.length, 12);
    const offsets = Buffer.alloc(16);
    offsets.writeUInt32BE(1, 4);
    offsets.writeUInt32BE(offset, 12);
    const table = box('stbl', box('stsz', sizes), box('co64', offsets));
    return box('moov', metadata, box('trak', box('mdia', box('minf', table))));
  };
  const offset = type.length + movie(0).length + 8;
  return Buffer.concat([type, movie(offset), box('mdat', preview, noise(500))]);
}

export const RAW_FORMATS = ['cr2', 'cr3', 'nef', 'arw', 'dng', 'orf', 'raf', 'rw2'] as const;
export type RawFormat = (typeof RAW_FORMATS)[number];

const WRITERS: Readonly<Record<RawFormat, (parts: RawParts) => Buffer>> = {
  cr2,
  cr3,
  nef,
  arw,
  dng,
  orf,
  raf,
  rw2,
};

export const rawFile = (format: RawFormat, parts: RawParts): Buffer => WRITERS[format](parts);
