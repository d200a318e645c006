/**
 * Whether a page looks as it should, as people see it rather than bit for bit. Another machine has other fonts and draws
 * edges otherwise, and none of that matters; a column that is gone, a panel in the wrong colour or a picture at the wrong
 * place does. So both pictures are shrunk until letters are grey lines, and compared in a space of equal differences (CIE
 * Lab): a cell counts as different where nothing within a cell of it is as near as the eye would forgive.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import sharp from 'sharp';

const FOLDER = fileURLToPath(new URL('../browser/looks/', import.meta.url));
/** Pixels of the page that become one cell. */
const CELL = 16;
/** A difference of 2.3 can just be seen, side by side; letters of another font make up to about three times as much. */
const FORGIVEN = 7;
/** Share of the cells that may differ: edges that fall into another cell, lines that break elsewhere. */
export const SAME_LOOKS = 0.03;

export interface Looks {
  /** Share of the cells that differ. */
  readonly different: number;
  /** The greatest difference of all cells. */
  readonly worst: number;
}

interface Cells {
  readonly width: number;
  readonly height: number;
  /** L, a, b of each, row by row. */
  readonly lab: readonly (readonly [number, number, number])[];
}

async function shrunk(picture: Buffer | string, size?: Cells): Promise<Buffer> {
  const { width, height } = await sharp(picture).metadata();
  return sharp(picture)
    .removeAlpha()
    .resize(size?.width ?? Math.round(width / CELL), size?.height ?? Math.round(height / CELL), {
      fit: 'fill',
      kernel: 'cubic',
    })
    .png({ compressionLevel: 9 })
    .toBuffer();
}

const linear = (value: number): number =>
  value <= 0.040_45 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
const root = (value: number): number => (value > 0.008_856 ? Math.cbrt(value) : 7.787 * value + 16 / 116);

/** sRGB, 0…255, under daylight (D65). */
function labOf(red: number, green: number, blue: number): [number, number, number] {
  const [r, g, b] = [linear(red / 255), linear(green / 255), linear(blue / 255)];
  const x = root((0.4124 * r + 0.3576 * g + 0.1805 * b) / 0.950_47);
  const y = root(0.2126 * r + 0.7152 * g + 0.0722 * b);
  const z = root((0.0193 * r + 0.1192 * g + 0.9505 * b) / 1.088_83);
  return [116 * y - 16, 500 * (x - y), 200 * (y - z)];
}

async function cellsOf(picture: Buffer | string): Promise<Cells> {
  const { data, info } = await sharp(picture).removeAlpha().raw().toBuffer({ resolveWithObject: true });
  const lab = Array.from({ length: info.width * info.height }, (_, cell) =>
    labOf(data[cell * 3] as number, data[cell * 3 + 1] as number, data[cell * 3 + 2] as number),
  );
  return { width: info.width, height: info.height, lab };
}

/** The least difference of a cell to those around the same place. */
function nearest(cell: number, seen: Cells, wanted: Cells): number {
  const { width, height } = wanted;
  const [l, a, b] = seen.lab[cell] as [number, number, number];
  let least = Infinity;
  for (
    let y = Math.max(0, Math.floor(cell / width) - 1);
    y <= Math.min(height - 1, Math.floor(cell / width) + 1);
    y++
  )
    for (let x = Math.max(0, (cell % width) - 1); x <= Math.min(width - 1, (cell % width) + 1); x++) {
      const [l2, a2, b2] = wanted.lab[y * width + x] as [number, number, number];
      least = Math.min(least, Math.hypot(l - l2, a - a2, b - b2));
    }
  return least;
}

/** How far two pictures of one size are from each other, both ways. */
export async function compareLooks(seen: Buffer | string, wanted: Buffer | string): Promise<Looks> {
  const there = await cellsOf(wanted);
  const here = await cellsOf(await shrunk(seen, there));
  const distances = here.lab.map((_, cell) =>
    Math.max(nearest(cell, here, there), nearest(cell, there, here)),
  );
  return {
    different: distances.filter((distance) => distance > FORGIVEN).length / distances.length,
    worst: Math.max(...distances),
  };
}

/** Compares with the reference of this name; `UPDATE_SCREENSHOTS=1` renews it. */
export async function looksLike(name: string, seen: Buffer): Promise<Looks> {
  const path = join(FOLDER, `${name}.png`);
  if (process.env['UPDATE_SCREENSHOTS']) {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, await shrunk(seen));
  }
  return compareLooks(seen, path);
}
