import { crc32, deflateSync } from 'node:zlib';
import sharp, { type Sharp } from 'sharp';
import { describe, expect, it } from 'vitest';
import { SharpImageReader, THUMBNAIL_SIZE } from '#src/encoder/image/image-reader.js';

const reader = new SharpImageReader(64);
const picture = (width: number, height: number): Sharp =>
  sharp({ create: { width, height, channels: 3, background: '#c33' } });

function chunk(type: string, data: Uint8Array): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const result = Buffer.alloc(body.length + 8);
  result.writeUInt32BE(data.length, 0);
  body.copy(result, 4);
  result.writeUInt32BE(crc32(body), body.length + 4);
  return result;
}

/** A small file that says it holds two and a half billion pixels. */
function bomb(): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(50_000, 0);
  header.writeUInt32BE(50_000, 4);
  header.set([8, 2, 0, 0, 0], 8);
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  return Buffer.concat([
    signature,
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(Buffer.alloc(100_000))),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

describe('the image reader', () => {
  it.each(['jpeg', 'png', 'webp', 'avif', 'gif', 'tiff'] as const)('reads %s', async (format) => {
    const read = await reader.read(await picture(90, 70).toFormat(format).toBuffer());
    expect(read).toMatchObject({ width: 90, height: 70 });
    expect(read.pixels.length).toBe(64 * 64 * 3);
    // Formats with losses move a colour a little.
    for (const [i, value] of [0xcc, 0x33, 0x33].entries())
      expect(Math.abs((read.pixels[i] ?? 0) - value)).toBeLessThan(8);
  });

  it('makes three channels of one', async () => {
    const grey = await sharp({ create: { width: 9, height: 9, channels: 3, background: '#888' } })
      .toColourspace('b-w')
      .png()
      .toBuffer();
    expect([...(await reader.read(grey)).pixels.subarray(0, 3)]).toEqual([0x88, 0x88, 0x88]);
  });

  it('makes a preview of what is larger than one, and only then', async () => {
    const large = await picture(2 * THUMBNAIL_SIZE, 300)
      .jpeg()
      .toBuffer();
    const small = await picture(THUMBNAIL_SIZE, 300).jpeg().toBuffer();
    const { thumbnail } = await reader.read(large, { thumbnail: true });
    expect(await sharp(thumbnail).metadata()).toMatchObject({
      width: THUMBNAIL_SIZE,
      height: 150,
      format: 'webp',
    });
    expect((await reader.read(small, { thumbnail: true })).thumbnail).toBeUndefined();
    const tiff = await picture(20, 20).tiff().toBuffer();
    expect((await reader.read(tiff, { thumbnail: true })).thumbnail).toBeDefined();
  });

  it('reports the upright size', async () => {
    const lying = await picture(40, 20).withMetadata({ orientation: 6 }).jpeg().toBuffer();
    expect(await reader.read(lying)).toMatchObject({ width: 20, height: 40 });
  });

  it.each([
    ['no picture', Buffer.from('hello, I am a text')],
    ['nothing', Buffer.alloc(0)],
    [
      'a drawing that may hold scripts',
      Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>'),
    ],
  ])('refuses %s', async (_name, bytes) => {
    await expect(reader.read(bytes)).rejects.toMatchObject({ code: 'ERR_IMAGE_UNREADABLE' });
  });

  it('refuses half a picture', async () => {
    const noise = await sharp({
      create: {
        width: 300,
        height: 300,
        channels: 3,
        background: '#000',
        noise: { type: 'gaussian', mean: 99, sigma: 40 },
      },
    })
      .jpeg()
      .toBuffer();
    const half = noise.subarray(0, noise.length / 2);
    await expect(reader.read(half)).rejects.toMatchObject({ code: 'ERR_IMAGE_UNREADABLE' });
  });

  it('refuses a decompression bomb without decoding it', async () => {
    const start = process.memoryUsage().rss;
    await expect(reader.read(bomb())).rejects.toMatchObject({ code: 'ERR_IMAGE_TOO_LARGE' });
    expect(process.memoryUsage().rss - start).toBeLessThan(100e6);
  });
});
