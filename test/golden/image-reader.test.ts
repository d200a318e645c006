import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { resampleBicubic } from '#src/encoder/image/bicubic.js';
import { SharpImageReader } from '#src/encoder/image/image-reader.js';
import { GoldenFile } from '../support/goldens.js';
import { lacksShared, sharedPath } from '../support/shared-material.js';

/** All of the official pixels where they are at hand; otherwise the selection that is always here. */
const folder = lacksShared('goldens/preprocess')
  ? fileURLToPath(new URL('../fixtures/preprocess', import.meta.url))
  : sharedPath('goldens/preprocess');
const picture = (name: string): string => join(folder, name);

function meanDifference(actual: Uint8Array, expected: Uint8Array): number {
  expect(actual.length).toBe(expected.length);
  let sum = 0;
  for (let i = 0; i < expected.length; i++) sum += Math.abs((actual[i] ?? 0) - (expected[i] ?? 0));
  return sum / expected.length;
}

/**
 * Mean absolute differences, of 255, from the official loader's pixels. At 224 px these pictures are enlarged or shrunk
 * by less than two, where only rounding differs. At 32 px they shrink in two steps instead of one.
 */
const STATED: Readonly<Record<string, { readonly at224: number; readonly at32: number }>> = {
  'rgb_320x213.jpg': { at224: 0.1, at32: 0.4 },
  'exact_224.png': { at224: 0, at32: 0.4 },
  'gray_97x150.png': { at224: 0.01, at32: 0.4 },
  'palette_160x160.png': { at224: 0.01, at32: 0.5 },
  'rgb16_110x84.png': { at224: 0.01, at32: 0.4 },
  'small_20x24.png': { at224: 0.01, at32: 0.01 },
  // Plain ink to light, as Pillow does it, after the resampling instead of before it.
  'cmyk_180x140.jpg': { at224: 0.01, at32: 0.5 },
  // One pixel high and thirty-one times too wide: the first of the two steps averages blocks of pixels.
  'strip_1000x1.png': { at224: 0.3, at32: 1.2 },
};

describe('pixels against the official loader', () => {
  let golden: GoldenFile;
  beforeAll(async () => {
    golden = await GoldenFile.open(picture('expected.safetensors'));
  });
  afterAll(() => golden.close());

  describe.each(Object.entries(STATED))('%s', (name, stated) => {
    it.each([
      [224, stated.at224],
      [32, stated.at32],
    ])('at %d px differs by at most %d on average', async (size, most) => {
      if (!golden.has(`${name}/eval${size}_u8_hwc`)) return;
      const { pixels } = await new SharpImageReader(size).read(await readFile(picture(name)));
      const official = await golden.bytes(`${name}/eval${size}_u8_hwc`);
      expect(meanDifference(pixels, official)).toBeLessThanOrEqual(most);
    });
  });

  // ImageNet's loader scales the shorter side and cuts the ends of the longer one off.
  it.each(Object.entries(STATED))('%s cut to its centre', async (name, { at224 }) => {
    const wanted = `${name}/imagenet224_u8_hwc`;
    if (!golden.has(wanted)) return;
    const reader = new SharpImageReader(224, { resize: 'centre-crop' });
    const { pixels } = await reader.read(await readFile(picture(name)));
    expect(meanDifference(pixels, await golden.bytes(wanted))).toBeLessThanOrEqual(Math.max(at224, 0.15));
  });

  it('squeezes a strip before it cuts it, so that no picture takes gigabytes', async () => {
    const reader = new SharpImageReader(224, { resize: 'centre-crop' });
    const { pixels } = await reader.read(await readFile(picture('strip_1000x1.png')));
    expect(pixels).toHaveLength(224 * 224 * 3);
  });

  it('resamples to the bit as Pillow', async () => {
    for (const name of Object.keys(STATED).filter((one) => golden.has(`${one}/decoded_rgb_u8`))) {
      const [height = 0, width = 0] = golden.shape(`${name}/decoded_rgb_u8`);
      const pixels = await golden.bytes(`${name}/decoded_rgb_u8`);
      for (const size of [32, 224]) {
        if (!golden.has(`${name}/eval${size}_u8_hwc`)) continue;
        const own = resampleBicubic({ pixels, width, height, channels: 3 }, size, size);
        expect(meanDifference(own, await golden.bytes(`${name}/eval${size}_u8_hwc`))).toBe(0);
      }
    }
  });

  describe('the three deliberate differences', () => {
    const SIZE = 224;
    const read = async (name: string): Promise<Uint8Array> =>
      (await new SharpImageReader(SIZE).read(await readFile(picture(name)))).pixels;

    it('applies the EXIF orientation', async () => {
      const name = 'exif6_240x160.jpg';
      const [height = 0, width = 0] = golden.shape(`${name}/decoded_rgb_u8`);
      const lying = await golden.bytes(`${name}/decoded_rgb_u8`);
      // Orientation 6: the camera was turned left, so the picture is turned right.
      const upright = new Uint8Array(lying.length);
      for (let y = 0; y < height; y++) {
        for (let x = 0; x < width; x++) {
          const to = (x * height + (height - 1 - y)) * 3;
          upright.set(lying.subarray((y * width + x) * 3, (y * width + x) * 3 + 3), to);
        }
      }
      const expected = resampleBicubic(
        { pixels: upright, width: height, height: width, channels: 3 },
        SIZE,
        SIZE,
      );
      // libvips turns last: what is shrunk here was the other axis there, and the roundings fall elsewhere.
      expect(meanDifference(await read(name), expected)).toBeLessThan(0.3);
    });

    it('lays transparency over white', async () => {
      const name = 'rgba_200x120.png';
      const { data, info } = await sharp(picture(name)).raw().toBuffer({ resolveWithObject: true });
      const over = new Uint8Array(info.width * info.height * 3);
      for (let i = 0; i < info.width * info.height; i++) {
        const alpha = (data[4 * i + 3] ?? 0) / 255;
        for (let c = 0; c < 3; c++)
          over[3 * i + c] = Math.round((data[4 * i + c] ?? 0) * alpha + 255 * (1 - alpha));
      }
      const image = { pixels: over, width: info.width, height: info.height, channels: 3 } as const;
      expect(meanDifference(await read(name), resampleBicubic(image, SIZE, SIZE))).toBeLessThan(1);
    });

    it('scales 16-bit grey instead of clipping it', async () => {
      const name = 'gray16_130x90.png';
      const { data, info } = await sharp(picture(name))
        .toColourspace('grey16')
        .raw({ depth: 'ushort' })
        .toBuffer({ resolveWithObject: true });
      const deep = new Uint16Array(data.buffer, data.byteOffset, data.byteLength / 2);
      const grey = new Uint8Array(info.width * info.height * 3);
      for (let i = 0; i < info.width * info.height; i++)
        grey.fill((deep[i * info.channels] ?? 0) >> 8, 3 * i, 3 * i + 3);
      const image = { pixels: grey, width: info.width, height: info.height, channels: 3 } as const;
      const own = await read(name);
      expect(meanDifference(own, resampleBicubic(image, SIZE, SIZE))).toBeLessThan(1.5);
      expect(new Set(own).size).toBeGreaterThan(50);
    });
  });
});
