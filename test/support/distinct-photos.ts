/** Small photos of which no two are alike, made quickly: for tests that need many contents. */
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';

const WIDTH = 16;
const HEIGHT = 12;

/** A PNG whose pixels follow from the number. */
export async function distinctPhoto(number: number): Promise<Buffer> {
  const pixels = Buffer.alloc(WIDTH * HEIGHT * 3);
  const digest = createHash('sha256').update(String(number)).digest();
  for (let i = 0; i < pixels.length; i++) pixels[i] = digest[i % digest.length] as number;
  return sharp(pixels, { raw: { width: WIDTH, height: HEIGHT, channels: 3 } })
    .png()
    .toBuffer();
}

/** Photos `from`…`to` − 1 as files named after their numbers. */
export async function writePhotos(folder: string, from: number, to: number): Promise<string[]> {
  mkdirSync(folder, { recursive: true });
  const paths: string[] = [];
  for (let number = from; number < to; number++) {
    const path = join(folder, `${number}.png`);
    writeFileSync(path, await distinctPhoto(number));
    paths.push(path);
  }
  return paths;
}

/** Absolute paths of all files below a folder, sorted. */
export function filesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .toSorted();
}
