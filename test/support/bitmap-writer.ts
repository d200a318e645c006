/** Windows bitmaps of every kind, from three channels of 8 bits. */

export interface Pixels {
  readonly pixels: Uint8Array;
  readonly width: number;
  readonly height: number;
}

export type BitmapKind =
  | '1'
  | '4'
  | '8'
  | '8 in runs'
  | '4 in runs'
  | '16'
  | '16 with masks'
  | '24'
  | '32'
  | 'old 24';

const BITS: Readonly<Record<BitmapKind, number>> = {
  '1': 1,
  '4': 4,
  '8': 8,
  '8 in runs': 8,
  '4 in runs': 4,
  '16': 16,
  '16 with masks': 16,
  '24': 24,
  '32': 32,
  'old 24': 24,
};

/** A palette of evenly spaced colours, as many as there are bits, and the index that comes nearest. */
function paletteOf(bits: number): {
  readonly table: number[][];
  readonly nearest: (rgb: readonly number[]) => number;
} {
  if (bits === 1)
    return {
      table: [
        [0, 0, 0],
        [255, 255, 255],
      ],
      nearest: ([r = 0]) => (r > 127 ? 1 : 0),
    };
  const levels = { 4: [2, 4, 2], 8: [8, 8, 4] }[bits] ?? [1, 1, 1];
  const table: number[][] = [];
  const [r = 1, g = 1, b = 1] = levels;
  const spread = (i: number, of: number): number => (of === 1 ? 0 : Math.round((i * 255) / (of - 1)));
  for (let i = 0; i < r; i++)
    for (let j = 0; j < g; j++)
      for (let k = 0; k < b; k++) table.push([spread(i, r), spread(j, g), spread(k, b)]);
  const distance = (one: readonly number[], other: readonly number[]): number =>
    one.reduce((sum, value, c) => sum + (value - (other[c] ?? 0)) ** 2, 0);
  return {
    table,
    nearest: (rgb) =>
      table.reduce(
        (best, colour, i) => (distance(colour, rgb) < distance(table[best] ?? [], rgb) ? i : best),
        0,
      ),
  };
}

function colourWord(rgb: readonly number[], kind: BitmapKind): number {
  const [r = 0, g = 0, b = 0] = rgb;
  if (kind === '16') return ((r >> 3) << 10) | ((g >> 3) << 5) | (b >> 3);
  if (kind === '16 with masks') return ((r >> 3) << 11) | ((g >> 2) << 5) | (b >> 3);
  return (r << 16) | (g << 8) | b;
}

/** One row as it stands in the file. */
function row(
  colours: readonly (readonly number[])[],
  kind: BitmapKind,
  nearest: (rgb: readonly number[]) => number,
): Buffer {
  const bits = BITS[kind];
  if (kind === '8 in runs' || kind === '4 in runs') {
    const indices = colours.map(nearest);
    const bytes: number[] = [];
    for (let x = 0; x < indices.length; ) {
      const index = indices[x] as number;
      let run = 1;
      while (run < 255 && indices[x + run] === index) run++;
      bytes.push(run, bits === 4 ? index * 17 : index);
      x += run;
    }
    return Buffer.from([...bytes, 0, 0]);
  }
  const line = Buffer.alloc(Math.ceil((colours.length * bits) / 32) * 4);
  for (const [x, rgb] of colours.entries()) {
    if (bits >= 16) line.writeUIntLE(colourWord(rgb, kind), (x * bits) / 8, Math.min(3, bits / 8));
    else {
      const at = (x * bits) >> 3;
      line[at] = (line[at] as number) | (nearest(rgb) << (8 - bits - ((x * bits) & 7)));
    }
  }
  return line;
}

export function bitmap({ pixels, width, height }: Pixels, kind: BitmapKind, fromTop = false): Buffer {
  const bits = BITS[kind];
  const { table, nearest } = paletteOf(bits);
  const colourAt = (x: number, y: number): number[] => [
    ...pixels.subarray((y * width + x) * 3, (y * width + x) * 3 + 3),
  ];
  const rows = Array.from({ length: height }, (_, y) =>
    row(
      Array.from({ length: width }, (__, x) => colourAt(x, y)),
      kind,
      nearest,
    ),
  );
  const isOld = kind === 'old 24';
  const masks = kind === '16 with masks' ? [0xf800, 0x7e0, 0x1f] : [];
  const size = isOld ? 12 : 40;
  const palette =
    bits <= 8 ? Buffer.from(table.flatMap(([r = 0, g = 0, b = 0]) => [b, g, r, 0])) : Buffer.alloc(0);
  const head = Buffer.alloc(14 + size + masks.length * 4);
  const body = Buffer.concat([
    ...(fromTop ? rows : rows.toReversed()),
    ...(kind.endsWith('runs') ? [Buffer.from([0, 1])] : []),
  ]);
  head.write('BM', 0, 'latin1');
  head.writeUInt32LE(head.length + palette.length + body.length, 2);
  head.writeUInt32LE(head.length + palette.length, 10);
  head.writeUInt32LE(size, 14);
  if (isOld) {
    head.writeUInt16LE(width, 18);
    head.writeUInt16LE(height, 20);
    head.writeUInt16LE(1, 22);
    head.writeUInt16LE(bits, 24);
  } else {
    head.writeInt32LE(width, 18);
    head.writeInt32LE(fromTop ? -height : height, 22);
    head.writeUInt16LE(1, 26);
    head.writeUInt16LE(bits, 28);
    head.writeUInt32LE(masks.length > 0 ? 3 : ({ '8 in runs': 1, '4 in runs': 2 }[kind as string] ?? 0), 30);
    head.writeUInt32LE(bits <= 8 ? table.length : 0, 46);
    for (const [i, mask] of masks.entries()) head.writeUInt32LE(mask, 54 + 4 * i);
  }
  return Buffer.concat([head, palette, body]);
}
