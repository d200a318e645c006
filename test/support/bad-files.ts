/** Files that nobody would want in a folder of photos, made by rule: the same in every run. */
import sharp, { type Sharp } from 'sharp';
import { bitmap } from './bitmap-writer.js';
import { scene, SCENE_SVG } from './drawn-scene.js';
import type { BadFile } from './bad-file.js';
import { boastful } from './bad-metadata.js';
import { oddlyNamed, unusual } from './odd-files.js';
import { pngSaying } from './png-writer.js';
import { RAW_FORMATS, rawFile } from './raw-writer.js';

const UNREADABLE = 'ERR_IMAGE_UNREADABLE';
const TOO_LARGE = 'ERR_IMAGE_TOO_LARGE';

const FORMATS = ['jpeg', 'png', 'webp', 'gif', 'tiff', 'avif'] as const;
const EXTENSIONS = [
  ...'jpg jpeg jpe jfif png apng webp avif gif tif tiff bmp dib heic heif hif'.split(' '),
  ...'cr2 cr3 nef nrw arw sr2 dng orf raf rw2 pef srw'.split(' '),
];

/** Whole files of every format, from which damaged ones are made. */
export async function wholeFiles(heic: Uint8Array): Promise<ReadonlyMap<string, Buffer>> {
  const files = new Map<string, Buffer>();
  for (const format of FORMATS) files.set(format, await scene(200).toFormat(format).toBuffer());
  const { data: pixels, info } = await scene(80).raw().toBuffer({ resolveWithObject: true });
  files.set('bmp', bitmap({ pixels, width: info.width, height: info.height }, '24'));
  files.set('heic', Buffer.from(heic));
  const preview = await scene(240).jpeg().toBuffer();
  const thumbnail = await scene(80).jpeg().toBuffer();
  for (const format of RAW_FORMATS) files.set(format, rawFile(format, { preview, thumbnail }));
  return files;
}

/** Numbers that look like noise and are the same in every run. */
function noise(length: number, seed: number): Buffer {
  const bytes = Buffer.alloc(length);
  let state = seed * 2_654_435_761 + 1;
  for (let i = 0; i < length; i++) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    bytes[i] = state >>> 24;
  }
  return bytes;
}

function truncated(whole: ReadonlyMap<string, Buffer>): BadFile[] {
  return [...whole].flatMap(([format, bytes]) =>
    [4, 20, 60, 200, 0.25, 0.5, 0.9, 0.99].map((cut, i): BadFile => {
      const length = cut < 1 ? Math.floor(bytes.length * cut) : cut;
      const part = bytes.subarray(0, Math.min(length, bytes.length - 1));
      // A RAW file may hold its whole preview before the cut, a bitmap of runs is whole without its end mark.
      const expected = cut >= 4 && cut <= 20 ? UNREADABLE : 'either';
      return { name: `cut-${i}.${format}`, bytes: part, expected };
    }),
  );
}

/** The beginning of each format, then noise; and whole files in which some bytes are others. */
function scrambled(whole: ReadonlyMap<string, Buffer>): BadFile[] {
  return [...whole].flatMap(([format, bytes], n): BadFile[] => {
    const flips = [1, 2].map((seed): BadFile => {
      const changed = Buffer.from(bytes);
      for (const [i, value] of noise(12, seed + n).entries())
        changed[(i * 7919 + seed * 613 + (i < 4 ? 0 : value)) % changed.length] = value;
      return { name: `flipped-${seed}.${format}`, bytes: changed, expected: 'either' };
    });
    const noisy = [16, 64].map(
      (kept): BadFile => ({
        name: `noise-after-${kept}.${format}`,
        bytes: Buffer.concat([bytes.subarray(0, kept), noise(3000, n + kept)]),
        expected: 'either',
      }),
    );
    return [...flips, ...noisy];
  });
}

function empty(): BadFile[] {
  return EXTENSIONS.flatMap((extension): BadFile[] => [
    { name: `empty.${extension}`, bytes: Buffer.alloc(0), expected: UNREADABLE },
    { name: `spaces.${extension}`, bytes: Buffer.alloc(100, ' '), expected: UNREADABLE },
  ]);
}

function misnamed(whole: ReadonlyMap<string, Buffer>): BadFile[] {
  const names = [...whole.keys()];
  const pictures = names.map((format, i): BadFile => {
    const other = names[(i + 3) % names.length] as string;
    return { name: `really-${format}.${other}`, bytes: whole.get(format) as Buffer, expected: 'photo' };
  });
  const others: readonly (readonly [string, Buffer])[] = [
    ['text', Buffer.from('this is a text\n'.repeat(50))],
    ['page', Buffer.from('<!doctype html><html><body><img src="x"></body></html>')],
    ['zip', Buffer.concat([Buffer.from('PK\x03\x04', 'latin1'), noise(200, 1)])],
    ['pdf', Buffer.from('%PDF-1.7\n1 0 obj << >> endobj\n')],
    ['program', Buffer.concat([Buffer.from('\x7fELF\x02\x01\x01', 'latin1'), noise(200, 2)])],
    ['script', Buffer.from('#!/bin/sh\nrm -rf /\n')],
    ['movie', Buffer.concat([Buffer.from('\0\0\0\x18ftypisom\0\0\x02\0isomiso2', 'latin1'), noise(500, 3)])],
    ['drawing', Buffer.from(SCENE_SVG)],
    ['drawing-bomb', drawingBomb()],
    ['postscript', Buffer.from('%!PS-Adobe-3.0\n(%pipe%id) (w) file\n')],
    [
      'magick',
      Buffer.from(
        'push graphic-context\nviewbox 0 0 640 480\nimage over 0,0 0,0 "|id"\npop graphic-context\n',
      ),
    ],
  ];
  return [
    ...pictures,
    ...others.flatMap(([kind, bytes]) =>
      ['jpg', 'png', 'tif'].map(
        (extension): BadFile => ({ name: `${kind}.${extension}`, bytes, expected: UNREADABLE }),
      ),
    ),
  ];
}

/** Entities that multiply each other, and a filter over an endless plane. */
function drawingBomb(): Buffer {
  const entities = Array.from({ length: 9 }, (_, i) => `<!ENTITY a${i + 1} "${`&a${i};`.repeat(10)}">`);
  return Buffer.from(
    `<?xml version="1.0"?><!DOCTYPE svg [<!ENTITY a0 "a">${entities.join('')}]>` +
      `<svg xmlns="http://www.w3.org/2000/svg" width="99999" height="99999"><text>&a9;</text></svg>`,
  );
}

async function sized(): Promise<BadFile[]> {
  const made = (width: number, height: number): Sharp =>
    sharp({ create: { width, height, channels: 3, background: '#385' } });
  const photos: (readonly [string, Sharp])[] = [
    ['1x1.png', made(1, 1).png()],
    ['1x1.jpg', made(1, 1).jpeg()],
    ['1x1.gif', made(1, 1).gif()],
    ['1x1.webp', made(1, 1).webp()],
    ['1x1.tif', made(1, 1).tiff()],
    ['1x20000.png', made(1, 20_000).png()],
    ['20000x1.png', made(20_000, 1).png()],
    ['1x20000.jpg', made(1, 20_000).jpeg()],
    ['20000x2.tif', made(20_000, 2).tiff()],
    ['16383x3.webp', made(16_383, 3).webp()],
  ];
  const files: BadFile[] = [];
  for (const [name, picture] of photos)
    files.push({ name, bytes: await picture.toBuffer(), expected: 'photo' });
  const jpeg = Buffer.from(await made(8, 8).jpeg().toBuffer());
  const frame = jpeg.indexOf(Buffer.from([0xff, 0xc0]));
  jpeg.writeUInt16BE(65_500, frame + 5);
  jpeg.writeUInt16BE(65_500, frame + 7);
  const wide = bitmap({ pixels: new Uint8Array(12), width: 2, height: 2 }, '24');
  wide.writeInt32LE(50_000, 18);
  wide.writeInt32LE(50_000, 22);
  const gif = Buffer.from(await made(4, 4).gif().toBuffer());
  gif.writeUInt16LE(65_535, 6);
  gif.writeUInt16LE(65_535, 8);
  return [
    ...files,
    { name: '50000x50000.png', bytes: pngSaying(50_000, 50_000, 2), expected: TOO_LARGE },
    { name: '50000x50000-named.jpg', bytes: pngSaying(50_000, 50_000, 2), expected: TOO_LARGE },
    { name: '2000000000x1.png', bytes: pngSaying(2_000_000_000, 1, 0), expected: 'either' },
    { name: '0x0.png', bytes: pngSaying(0, 0, 0), expected: UNREADABLE },
    // Twenty thousand rows of twenty thousand pixels, in half a megabyte.
    { name: 'bomb.png', bytes: pngSaying(20_000, 20_000, 20_000), expected: TOO_LARGE },
    { name: 'fewer-rows.png', bytes: pngSaying(1000, 1000, 10), expected: 'either' },
    { name: '65500x65500.jpg', bytes: jpeg, expected: TOO_LARGE },
    { name: '50000x50000.bmp', bytes: wide, expected: TOO_LARGE },
    { name: '65535x65535.gif', bytes: gif, expected: 'either' },
  ];
}

/** All of it. Names are distinct. */
export async function badFiles(heic: Uint8Array): Promise<readonly BadFile[]> {
  const whole = await wholeFiles(heic);
  const torn = [...truncated(whole), ...scrambled(whole)];
  return [
    ...empty(),
    ...torn,
    ...misnamed(whole),
    ...(await sized()),
    ...(await boastful()),
    ...(await unusual()),
    ...(await oddlyNamed()),
  ];
}
