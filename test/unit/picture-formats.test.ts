import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import sharp from 'sharp';
import { beforeAll, describe, expect, it } from 'vitest';
import { SharpImageReader, THUMBNAIL_SIZE } from '#src/encoder/image/image-reader.js';
import { embeddedMetadata } from '#src/ingest/metadata/photo-metadata.js';
import { bitmap, type BitmapKind } from '../support/bitmap-writer.js';
import { meanDifference, scene, SCENE_SVG } from '../support/drawn-scene.js';
import { RAW_FORMATS, rawFile } from '../support/raw-writer.js';

const SIZE = 64;
const reader = new SharpImageReader(SIZE);
let expected: Uint8Array;
let preview: Buffer;
let thumbnail: Buffer;
beforeAll(async () => {
  preview = await scene().jpeg({ quality: 95 }).toBuffer();
  thumbnail = await scene(120).jpeg().toBuffer();
  ({ pixels: expected } = await reader.read(await scene().png().toBuffer()));
});

describe('HEIC', () => {
  const file = readFileSync(fileURLToPath(new URL('../fixtures/pictures/scene.heic', import.meta.url)));

  it('is read as phones write it', async () => {
    const read = await reader.read(file);
    expect(read).toMatchObject({ width: 320, height: 200, format: 'heic' });
    expect(meanDifference(read.pixels, expected)).toBeLessThan(6);
  });

  it('gets a preview that browsers show, however small it is', async () => {
    const { thumbnail: made } = await reader.read(file, { thumbnail: true });
    expect(await sharp(made).metadata()).toMatchObject({ format: 'webp', width: 320 });
  });

  it('is read several at a time, and after a damaged one', async () => {
    const damaged = Buffer.from(file);
    damaged.fill(0x55, damaged.length - 600);
    const reads = await Promise.allSettled(
      [file, damaged, file, damaged, file].map((one) => reader.read(one)),
    );
    expect(
      reads.map(({ status }) => status).filter((status) => status === 'fulfilled').length,
    ).toBeGreaterThanOrEqual(3);
    expect(reads[4]?.status).toBe('fulfilled');
    await expect(reader.read(file.subarray(0, file.length / 2))).rejects.toMatchObject({
      code: 'ERR_IMAGE_UNREADABLE',
    });
  });

  it('is refused where it has too many pixels, before one is decoded', async () => {
    await expect(reader.read(file, { maxPixels: 1000 })).rejects.toMatchObject({
      code: 'ERR_IMAGE_TOO_LARGE',
    });
  });

  it('tells when it was taken', () => {
    expect(embeddedMetadata([file], '')).toMatchObject({
      camera: 'Apple iPhone 12',
      takenAt: new Date('2020-05-06T07:08:09Z'),
    });
  });
});

describe.each(RAW_FORMATS)('RAW: %s', (format) => {
  it('is read by its largest preview', async () => {
    const read = await reader.read(rawFile(format, { preview, thumbnail }));
    expect(read).toMatchObject({ width: 320, height: 200 });
    expect(['raw', format]).toContain(read.format);
    expect(meanDifference(read.pixels, expected)).toBeLessThan(3);
  });

  it.skipIf(format === 'raf')('is turned as the camera was', async () => {
    const read = await reader.read(rawFile(format, { preview, thumbnail, orientation: 6 }));
    expect(read).toMatchObject({ width: 200, height: 320 });
  });

  it('is turned once where the preview says it too', async () => {
    const turned = await sharp(preview).withMetadata({ orientation: 8 }).toBuffer();
    const read = await reader.read(rawFile(format, { preview: turned, thumbnail, orientation: 6 }));
    expect(read).toMatchObject({ width: 200, height: 320 });
  });

  it('tells with what and when it was taken', async () => {
    const withExif = await sharp(preview)
      .withExif({
        IFD0: { Make: 'FUJIFILM', Model: 'X-T3' },
        IFD2: { DateTimeOriginal: '2021:03:04 05:06:07' },
      })
      .toBuffer();
    const parts = await reader.describe(
      rawFile(format, { preview: format === 'raf' ? withExif : preview, thumbnail }),
    );
    expect(embeddedMetadata(parts, '')).toMatchObject({
      camera: expect.any(String) as string,
      takenAt: new Date('2021-03-04T05:06:07Z'),
    });
  });

  it('is refused, and never more than that, wherever it is cut or changed', async () => {
    const whole = rawFile(format, { preview, thumbnail });
    for (let i = 0; i < 60; i++) {
      const torn = Buffer.from(i % 2 ? whole : whole.subarray(0, (whole.length * i) / 60));
      for (let flip = 0; flip < 3; flip++)
        torn[(i * 7919 + flip * 131) % Math.min(400, torn.length || 1)] = i * 31;
      await reader.read(torn).catch((error: unknown) => {
        expect(error).toMatchObject({ code: expect.stringMatching(/^ERR_IMAGE_/) as string });
      });
      await reader.describe(torn);
    }
  });
});

describe('BMP', () => {
  /** How far a palette or few bits may move a colour on average, of 255. */
  const kinds: readonly (readonly [BitmapKind, number])[] = [
    ['1', 110],
    ['4', 70],
    ['8', 30],
    ['8 in runs', 30],
    ['4 in runs', 70],
    ['16', 6],
    ['16 with masks', 6],
    ['24', 1],
    ['32', 1],
    ['old 24', 1],
  ];

  it.each(kinds)('of %s bits a pixel is read', async (kind, most) => {
    const { data: pixels, info } = await scene(61).raw().toBuffer({ resolveWithObject: true });
    const { width, height } = info;
    const { pixels: own } = await reader.read(await sharp(pixels, { raw: info }).png().toBuffer());
    for (const fromTop of [false, true]) {
      if (fromTop && kind === 'old 24') continue;
      const read = await reader.read(bitmap({ pixels, width, height }, kind, fromTop), { thumbnail: true });
      expect(read).toMatchObject({ width, height, format: 'bmp' });
      expect(read.thumbnail).toBeDefined();
      expect(meanDifference(read.pixels, own)).toBeLessThan(most);
    }
  });

  it('is refused where it is cut or lies', async () => {
    const { data: pixels } = await scene(61).raw().toBuffer({ resolveWithObject: true });
    const whole = bitmap({ pixels, width: 61, height: 38 }, '24');
    const lying = Buffer.from(whole);
    lying.writeInt32LE(50_000, 18);
    lying.writeInt32LE(50_000, 22);
    await expect(reader.read(lying)).rejects.toMatchObject({ code: 'ERR_IMAGE_TOO_LARGE' });
    lying.writeInt32LE(-5, 18);
    for (const bad of [lying, whole.subarray(0, 20), whole.subarray(0, 3000)])
      await expect(reader.read(bad)).rejects.toMatchObject({ code: 'ERR_IMAGE_UNREADABLE' });
  });
});

describe('SVG', () => {
  const drawing = Buffer.from(SCENE_SVG);

  it('is refused unless it is switched on', async () => {
    await expect(reader.read(drawing)).rejects.toMatchObject({
      code: 'ERR_IMAGE_UNREADABLE',
      message: expect.stringContaining('--svg') as string,
    });
    const read = await new SharpImageReader(SIZE, { drawings: true }).read(drawing);
    expect(read).toMatchObject({ width: 320, height: 200, format: 'svg' });
    expect(meanDifference(read.pixels, expected)).toBeLessThan(1);
  });

  it('reads no other file', async () => {
    const outside = fileURLToPath(new URL('../fixtures/preprocess/exact_224.png', import.meta.url));
    const references = [outside, `file://${outside}`].map(
      (href) => `<image href="${href}" width="100" height="100"/>`,
    );
    const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="100" height="100"><rect width="100" height="100" fill="#fff"/>${references.join('')}</svg>`;
    const { pixels } = await new SharpImageReader(SIZE, { drawings: true }).read(Buffer.from(svg));
    expect(Math.min(...pixels)).toBe(255);
  });
});

describe('a format', () => {
  it('is what the bytes are', async () => {
    for (const format of ['jpeg', 'png', 'webp', 'gif', 'tiff', 'avif'] as const)
      expect(await reader.read(await scene().toFormat(format).toBuffer())).toMatchObject({ format });
  });

  it('that is no picture is named', async () => {
    const pdf = Buffer.from('%PDF-1.7\n%....\n1 0 obj\n');
    await expect(reader.read(pdf)).rejects.toMatchObject({
      message: expect.stringContaining('pdf') as string,
    });
  });

  it('of a TIFF is its first page', async () => {
    const page = await scene(THUMBNAIL_SIZE).tiff().toBuffer();
    expect(await reader.read(page)).toMatchObject({ width: THUMBNAIL_SIZE });
  });
});
