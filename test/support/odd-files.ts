import sharp, { type Sharp } from 'sharp';
import type { BadFile } from './bad-file.js';
import { scene } from './drawn-scene.js';

/** Honest pictures of the rarer kinds. */
export async function unusual(): Promise<BadFile[]> {
  const small = scene(120);
  const frames = Buffer.concat(
    await Promise.all(['#c33', '#3c3', '#33c'].map((background) => frame(background))),
  );
  const animated = sharp(frames, { raw: { width: 20, height: 60, channels: 3, pageHeight: 20 } });
  const files: readonly (readonly [string, Sharp])[] = [
    ['cmyk.jpg', small.clone().toColourspace('cmyk').jpeg()],
    ['cmyk.tif', small.clone().toColourspace('cmyk').tiff()],
    ['16-bit.png', small.clone().toColourspace('rgb16').png()],
    ['16-bit.tif', small.clone().toColourspace('rgb16').tiff()],
    ['grey.jpg', small.clone().greyscale().jpeg()],
    ['grey-16.png', small.clone().toColourspace('grey16').png()],
    ['palette.png', small.clone().png({ palette: true, colours: 4 })],
    ['two-colours.tif', small.clone().threshold().tiff({ bitdepth: 1 })],
    ['interlaced.png', small.clone().png({ progressive: true })],
    ['progressive.jpg', small.clone().jpeg({ progressive: true })],
    ['subsampled.jpg', small.clone().jpeg({ chromaSubsampling: '4:2:0', quality: 1 })],
    ['tiled.tif', small.clone().tiff({ tile: true, tileWidth: 32, tileHeight: 32, compression: 'lzw' })],
    ['pyramid.tif', scene(400).tiff({ tile: true, pyramid: true })],
    ['big.tif', small.clone().tiff({ bigtiff: true })],
    ['jpeg-inside.tif', small.clone().tiff({ compression: 'jpeg' })],
    ['transparent.png', small.clone().ensureAlpha(0.2).png()],
    ['transparent.webp', small.clone().ensureAlpha(0).webp({ lossless: true })],
    ['animated.gif', animated.clone().gif()],
    ['animated.webp', animated.clone().webp()],
    ['wide-gamut.jpg', small.clone().withIccProfile('p3').jpeg()],
    ['deep.avif', small.clone().avif({ bitdepth: 8, effort: 0 })],
    ...[2, 3, 4, 5, 6, 7, 8].map(
      (orientation) =>
        [`turned-${orientation}.jpg`, small.clone().withMetadata({ orientation }).jpeg()] as const,
    ),
  ];
  const made: BadFile[] = [];
  for (const [name, picture] of files)
    made.push({ name, bytes: await picture.toBuffer(), expected: 'photo' });
  return made;
}

const frame = (background: string): Promise<Buffer> =>
  sharp({ create: { width: 20, height: 20, channels: 3, background } })
    .raw()
    .toBuffer();

/** Names that scripts, terminals and databases stumble over. */
export async function oddlyNamed(): Promise<BadFile[]> {
  const names = [
    'a\nb.jpg',
    'a\tb.jpg',
    'a\rb.jpg',
    'bell\u0007.jpg',
    '\u001b[31mred.jpg',
    '🦊🏔️👩‍👩‍👧.jpg',
    'é.jpg',
    'e\u0301.jpg',
    'עברית.jpg',
    '\u202egpj.exe.jpg',
    '日本語 写真.jpg',
    "it's.jpg",
    '"quoted".jpg',
    'back\\slash.jpg',
    '-rf.jpg',
    '--help.jpg',
    ' leading.jpg',
    'trailing .jpg',
    'per%20cent%00.jpg',
    'star*?[a].jpg',
    'semi;colon&and|bar.jpg',
    '$(touch x).jpg',
    '`id`.jpg',
    "'; DROP TABLE items; --.jpg",
    '<script>alert(1)<.jpg',
    'CON.jpg',
    'two.dots..jpg',
    'UPPER.JPG',
    '%s%n.jpg',
    '\ufffd.jpg',
    `${'x'.repeat(251)}.jpg`,
    `${'ü'.repeat(125)}.jpg`,
  ];
  const files: BadFile[] = [];
  for (const [i, name] of names.entries()) {
    const background = { r: (i * 53) % 256, g: (i * 97) % 256, b: (i * 29) % 256 };
    const picture = sharp({ create: { width: 16, height: 16, channels: 3, background } });
    files.push({ name, bytes: await picture.jpeg().toBuffer(), expected: 'photo' });
  }
  return files;
}
