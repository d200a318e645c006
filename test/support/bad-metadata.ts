import { deflateSync } from 'node:zlib';
import type { BadFile } from './bad-file.js';
import { photoWith, xmpDocument } from './photo-with-metadata.js';
import { pngChunk, pngSaying } from './png-writer.js';

/** Entities that multiply each other a thousand million times. */
export const laughing = (): string =>
  `<!DOCTYPE x [<!ENTITY lol "lol">${Array.from(
    { length: 9 },
    (_, i) => `<!ENTITY lol${i + 1} "${`&lol${i || ''};`.repeat(10)}">`,
  ).join('')}]>${xmpDocument('<dc:title>&lol9;</dc:title>')}`;

/** Metadata that is hostile, endless or nested without end; the pictures around it are whole. */
export async function boastful(): Promise<BadFile[]> {
  const nested = `${'<dc:title>'.repeat(5000)}${'</dc:title>'.repeat(5000)}`;
  const outside =
    '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>' + xmpDocument('<dc:title>&e;</dc:title>');
  const jpeg = await photoWith({});
  const segment = (marker: number, body: Buffer): Buffer =>
    Buffer.concat([Buffer.from([0xff, marker, (body.length + 2) >> 8, (body.length + 2) & 255]), body]);
  const withSegments = (...segments: Buffer[]): Buffer =>
    Buffer.concat([jpeg.subarray(0, 2), ...segments, jpeg.subarray(2)]);
  const zeros = deflateSync(Buffer.alloc(64 * 1024 * 1024));
  const text = pngChunk('zTXt', Buffer.concat([Buffer.from('Comment\0\0', 'latin1'), zeros]));
  const international = Buffer.concat([Buffer.from('XML:com.adobe.xmp\0\x01\0\0\0', 'latin1'), zeros]);
  // A directory that comes after itself.
  const loop = Buffer.from(
    'Exif\0\0II*\0\x08\0\0\0\x01\0\x69\x87\x04\0\x01\0\0\0\x08\0\0\0\x08\0\0\0',
    'latin1',
  );
  const entries = Buffer.alloc(60_000, 0xff);
  entries.write('Exif\0\0II*\0\x08\0\0\0\xff\xff', 0, 'latin1');
  const files: readonly (readonly [string, Buffer])[] = [
    ['laughs-inside.jpg', await photoWith({ xmp: laughing() })],
    ['laughs-inside.webp', await photoWith({ xmp: laughing() }, 'webp')],
    ['laughs-inside.png', await photoWith({ xmp: laughing() }, 'png')],
    ['outside-entity.jpg', await photoWith({ xmp: outside })],
    ['nested.jpg', await photoWith({ xmp: xmpDocument(nested) })],
    [
      'long-title.webp',
      await photoWith({ xmp: xmpDocument(`<dc:title>${'x'.repeat(2e6)}</dc:title>`) }, 'webp'),
    ],
    [
      'many-keywords.webp',
      await photoWith(
        {
          xmp: xmpDocument(
            `<dc:subject><rdf:Bag>${'<rdf:li>k</rdf:li>'.repeat(50_000)}</rdf:Bag></dc:subject>`,
          ),
        },
        'webp',
      ),
    ],
    [
      'comments.jpg',
      withSegments(...Array.from({ length: 150 }, () => segment(0xfe, Buffer.alloc(65_000, 'c')))),
    ],
    ['empty-exif.jpg', withSegments(segment(0xe1, Buffer.from('Exif\0\0', 'latin1')))],
    ['looping-exif.jpg', withSegments(segment(0xe1, loop))],
    ['endless-exif.jpg', withSegments(segment(0xe1, entries))],
    [
      'torn-iptc.jpg',
      withSegments(segment(0xed, Buffer.from('Photoshop 3.0\x008BIM\x04\x04\0\0\x7f\xff\xff\xff', 'latin1'))),
    ],
    ['compressed-text.png', pngSaying(40, 30, 30, [text])],
    ['compressed-xmp.png', pngSaying(41, 30, 30, [pngChunk('iTXt', international)])],
    [
      'compressed-profile.png',
      pngSaying(42, 30, 30, [pngChunk('iCCP', Buffer.concat([Buffer.from('icc\0\0', 'latin1'), zeros]))]),
    ],
  ];
  return files.map(([name, bytes]) => ({ name, bytes, expected: 'photo' }));
}
