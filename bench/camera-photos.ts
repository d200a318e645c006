/** Photos of the size that cameras take, made for the purpose: drawn scenes with the grain that makes a JPEG hard to decode. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { demoScenes, renderScene, type Scene } from '../data/demo/mod.js';

export interface PictureSize {
  readonly width: number;
  readonly height: number;
}

export const ONE_MEGAPIXEL: PictureSize = { width: 1200, height: 900 };
export const TWELVE_MEGAPIXELS: PictureSize = { width: 4000, height: 3000 };
export const HUNDRED_MEGAPIXELS: PictureSize = { width: 11_600, height: 8700 };

/** Scenes of the demo that are drawn and compressed; further photos differ by a comment in the file, so by content, not by work. */
export interface Drawings {
  readonly first: number;
  readonly count: number;
}

export const USUAL_DRAWINGS: Drawings = { first: 0, count: 12 };
const QUALITY = 88;
const GRAIN = { type: 'gaussian', mean: 128, sigma: 12 } as const;

async function drawn(scene: Scene, { width, height }: PictureSize): Promise<Buffer> {
  const grain = await sharp({
    create: { width: 1000, height: 750, channels: 3, background: '#808080', noise: GRAIN },
  })
    .png()
    .toBuffer();
  const enlarged = await sharp(grain).resize(width, height).png({ compressionLevel: 1 }).toBuffer();
  return sharp(await renderScene(scene, { width, height }))
    .composite([{ input: enlarged, blend: 'soft-light' }])
    .jpeg({ quality: QUALITY })
    .toBuffer();
}

const START_OF_IMAGE = 2;

/** The same picture with a comment: another content. */
function remarked(jpeg: Buffer, remark: string): Buffer {
  const text = Buffer.from(remark);
  const comment = Buffer.from([0xff, 0xfe, 0, text.length + 2, ...text]);
  return Buffer.concat([jpeg.subarray(0, START_OF_IMAGE), comment, jpeg.subarray(START_OF_IMAGE)]);
}

/** @returns the paths of `count` photos of distinct content */
export async function cameraPhotos(
  folder: string,
  count: number,
  size: PictureSize = TWELVE_MEGAPIXELS,
  { first, count: different }: Drawings = USUAL_DRAWINGS,
): Promise<string[]> {
  await mkdir(folder, { recursive: true });
  const pictures: Buffer[] = [];
  const scenes = demoScenes(first + Math.min(different, count)).slice(first);
  for (const scene of scenes) pictures.push(await drawn(scene, size));
  const paths: string[] = [];
  for (let i = 0; i < count; i++) {
    const path = join(folder, `${String(i).padStart(6, '0')}.jpg`);
    await writeFile(path, remarked(pictures[i % pictures.length] as Buffer, `${size.width} ${i}`));
    paths.push(path);
  }
  return paths;
}
