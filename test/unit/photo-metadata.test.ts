import { describe, expect, it } from 'vitest';
import type { PhotoMetadata } from '#src/core/photo-metadata.js';
import { embeddedMetadata, overlaid, sidecarMetadata } from '#src/ingest/metadata/photo-metadata.js';
import {
  alternatives,
  bag,
  photoWith,
  type Told,
  withIptc,
  xmpDocument,
} from '../support/photo-with-metadata.js';

const told = async (what: Told, name = 'x.jpg'): Promise<PhotoMetadata> =>
  embeddedMetadata([await photoWith(what)], name);

const taken = async (what: Told, name?: string): Promise<(string | number | null)[]> => {
  const { takenAt, takenOffset } = await told(what, name);
  return [takenAt?.toISOString() ?? null, takenOffset];
};

const GPS = {
  GPSLatitude: '48/1 51/1 30/1',
  GPSLatitudeRef: 'N',
  GPSLongitude: '2/1 17/1 40/1',
  GPSLongitudeRef: 'W',
  GPSAltitude: '35/1',
};

describe('when a photo was taken', () => {
  const shutter = { DateTimeOriginal: '2019:08:17 14:30:15' };
  const camera = (exif: Told['exif'], rest: Told = {}): Told => ({ ...rest, exif: { ...shutter, ...exif } });
  const edited = { main: { DateTime: '2020:01:01 00:00:00' } };
  const created = { xmp: xmpDocument('', 'xmp:CreateDate="2018-02-03T04:05:06-03:30"') };
  const fix = { GPSDateStamp: '2019:08:17', GPSTimeStamp: '12/1 30/1 13/1' };

  it.each<[string, Told, (string | number | null)[]]>([
    ['the shutter', camera({}), ['2019-08-17T14:30:15.000Z', null]],
    [
      'its offset and its fraction of a second',
      camera({ OffsetTimeOriginal: '+02:00', SubSecTimeOriginal: '25' }),
      ['2019-08-17T12:30:15.250Z', 120],
    ],
    ['an offset west', camera({ OffsetTimeOriginal: '-03:30' }), ['2019-08-17T18:00:15.000Z', -210]],
    ['the offset for all dates', camera({ OffsetTime: '+01:00' }), ['2019-08-17T13:30:15.000Z', 60]],
    ['the offset to the GPS fix', camera({}, { gps: { ...GPS, ...fix } }), ['2019-08-17T12:30:15.000Z', 120]],
    [
      'no offset from a fix of another day',
      camera({}, { gps: { ...GPS, ...fix, GPSDateStamp: '2019:08:11' } }),
      ['2019-08-17T14:30:15.000Z', null],
    ],
    ['the shutter before an edit', camera({}, edited), ['2019-08-17T14:30:15.000Z', null]],
    ['the shutter before XMP', camera({}, created), ['2019-08-17T14:30:15.000Z', null]],
    [
      'a scanner',
      { ...edited, exif: { DateTimeDigitized: '2001:02:03 04:05:06' } },
      ['2001-02-03T04:05:06.000Z', null],
    ],
    ['XMP, before an edit', { ...edited, ...created }, ['2018-02-03T07:35:06.000Z', -210]],
    ['a year alone', { xmp: xmpDocument('', 'xmp:CreateDate="1968"') }, ['1968-01-01T00:00:00.000Z', null]],
    ['the GPS fix', { gps: fix }, ['2019-08-17T12:30:13.000Z', 0]],
    ['an edit, where nothing else is said', edited, ['2020-01-01T00:00:00.000Z', null]],
    ['nothing from an unset clock', { exif: { DateTimeOriginal: '0000:00:00 00:00:00' } }, [null, null]],
    [
      'nothing from a date that never was',
      { exif: { DateTimeOriginal: '2019:02:30 10:00:00' } },
      [null, null],
    ],
  ])('is told by %s', async (_name, what, expected) => {
    expect(await taken(what)).toEqual(expected);
  });

  it.each([
    ['IMG_20190817_143015.jpg', '2019-08-17T14:30:15.000Z'],
    ['PXL_20190817_143015123.jpg', '2019-08-17T14:30:15.000Z'],
    ['IMG-20190817-WA0003.jpg', '2019-08-17T00:00:00.000Z'],
    ['WhatsApp Image 2019-08-17 at 14.30.15.jpeg', '2019-08-17T14:30:15.000Z'],
    ['Screenshot_2019-08-17-14-30-15.png', '2019-08-17T14:30:15.000Z'],
    ['DSC01234.jpg', null],
    ['20191399.jpg', null],
    ['120190817555555.jpg', null],
  ])('is told by a name as the last resort: %s', async (name, expected) => {
    expect(await taken({}, name)).toEqual([expected, null]);
    expect(await taken(camera({}), name)).toEqual(['2019-08-17T14:30:15.000Z', null]);
  });

  it('is told by IPTC', async () => {
    const jpeg = withIptc(await photoWith({}), [
      [55, '20010203'],
      [60, '040506+0100'],
    ]);
    expect(embeddedMetadata([jpeg], 'x.jpg')).toMatchObject({
      takenAt: new Date('2001-02-03T03:05:06Z'),
      takenOffset: 60,
    });
  });
});

describe('how and where a photo was taken', () => {
  it.each(['jpeg', 'webp', 'png', 'avif'] as const)('is read from %s', async (format) => {
    const exif = {
      ISOSpeedRatings: '200',
      FNumber: '28/10',
      ExposureTime: '1/250',
      FocalLength: '50/1',
      LensModel: 'EF50mm f/1.8 STM',
    };
    const bytes = await photoWith({ main: { Make: 'Canon', Model: 'Canon EOS 5D' }, exif, gps: GPS }, format);
    expect(embeddedMetadata([bytes], '')).toMatchObject({
      camera: 'Canon EOS 5D',
      lens: 'EF50mm f/1.8 STM',
      iso: 200,
      aperture: 2.8,
      exposureSeconds: 1 / 250,
      focalLength: 50,
      latitude: expect.closeTo(48.8583, 3) as number,
      longitude: expect.closeTo(-2.2944, 3) as number,
      altitude: 35,
    });
  });

  it.each([
    ['NIKON CORPORATION', 'NIKON D850', 'NIKON D850'],
    ['Apple', 'iPhone 12', 'Apple iPhone 12'],
    ['SONY', 'ILCE-7M3', 'SONY ILCE-7M3'],
  ])('names the maker once: %s, %s', async (Make, Model, camera) => {
    expect(await told({ main: { Make, Model } })).toMatchObject({ camera });
  });

  it('understands what is written as logarithms', async () => {
    expect(await told({ exif: { ApertureValue: '4/1', ShutterSpeedValue: '7/1' } })).toMatchObject({
      aperture: 4,
      exposureSeconds: 1 / 128,
    });
  });

  it('has no place where there was no fix, or half of one', async () => {
    const none = { latitude: null, longitude: null, altitude: null };
    const zero = { ...GPS, GPSLatitude: '0/1 0/1 0/1', GPSLongitude: '0/1 0/1 0/1' };
    const { GPSLongitude: _, ...half } = GPS;
    for (const gps of [zero, half, { ...GPS, GPSLatitude: '99/1 0/1 0/1' }])
      expect(await told({ gps })).toMatchObject(none);
  });
});

describe('what people wrote about a photo', () => {
  const children = [
    alternatives('dc:title', { de: 'Der Hund', 'x-default': 'The dog' }),
    alternatives('dc:description', { 'x-default': 'Rex on the ice' }),
    bag('dc:subject', ['dog', 'ice', 'Dog']),
    bag('lr:hierarchicalSubject', ['Animals|Dog', 'Winter']),
    bag('digiKam:TagsList', ['Places/Lake']),
    bag('Iptc4xmpExt:PersonInImage', ['Anna']),
    `<mwg-rs:Regions rdf:parseType="Resource"><mwg-rs:RegionList><rdf:Bag>
       <rdf:li rdf:parseType="Resource"><mwg-rs:Name>Bob</mwg-rs:Name><mwg-rs:Type>Face</mwg-rs:Type></rdf:li>
       <rdf:li><rdf:Description mwg-rs:Name="Cara" mwg-rs:Type="Face"><mwg-rs:Area stArea:x="0.1"/></rdf:Description></rdf:li>
       <rdf:li><rdf:Description mwg-rs:Name="Rex" mwg-rs:Type="Pet"/></rdf:li>
     </rdf:Bag></mwg-rs:RegionList></mwg-rs:Regions>`,
    `<MP:RegionInfo><rdf:Description><MPRI:Regions><rdf:Bag>
       <rdf:li><rdf:Description MPReg:PersonDisplayName="Dora"/></rdf:li>
     </rdf:Bag></MPRI:Regions></rdf:Description></MP:RegionInfo>`,
  ].join('');
  const words = {
    title: 'The dog',
    description: 'Rex on the ice',
    keywords: ['dog', 'ice', 'Animals', 'Winter', 'Places', 'Lake'],
    people: ['Anna', 'Bob', 'Cara', 'Dora'],
    rating: 4,
  };

  it('is read from XMP in the file, and from a sidecar', async () => {
    const xmp = xmpDocument(children, 'xmp:Rating="4"');
    expect(await told({ xmp })).toMatchObject(words);
    expect(sidecarMetadata(Buffer.from(xmp))).toMatchObject(words);
    expect(sidecarMetadata(Buffer.from(`\ufeff${xmp}`))).toMatchObject(words);
  });

  it('is read from IPTC and EXIF', async () => {
    const jpeg = withIptc(await photoWith({ main: { ImageDescription: 'in EXIF' } }), [
      [5, 'Ünser Hund'],
      [25, 'dog'],
      [25, 'ice'],
      [120, 'in IPTC'],
    ]);
    const read = embeddedMetadata([jpeg], '');
    expect(read).toMatchObject({ title: 'Ünser Hund', description: 'in IPTC', keywords: ['dog', 'ice'] });
    expect(await told({ main: { ImageDescription: 'in EXIF' } })).toMatchObject({ description: 'in EXIF' });
  });

  it('is not what cameras write by themselves', async () => {
    for (const ImageDescription of ['OLYMPUS DIGITAL CAMERA', 'SONY DSC', '   '])
      expect(await told({ main: { ImageDescription } })).toMatchObject({ description: null });
  });

  it.each([
    ['-1', 0],
    ['7', 5],
    ['3.0', 3],
    ['many', null],
  ])('rates it %s', async (text, rating) => {
    expect(await told({ xmp: xmpDocument('', `xmp:Rating="${text}"`) })).toMatchObject({ rating });
  });

  it('in a sidecar stands over what the file says, and leaves the rest', async () => {
    const below = await told({ main: { Model: 'X100' }, xmp: xmpDocument(children, 'xmp:Rating="1"') });
    const above = sidecarMetadata(Buffer.from(xmpDocument(bag('dc:subject', ['cat']), 'xmp:Rating="5"')));
    expect(above && overlaid(below, above)).toMatchObject({
      camera: 'X100',
      title: 'The dog',
      keywords: ['cat'],
      rating: 5,
    });
  });
});

describe('what is wrong with metadata', () => {
  const laughs = `<!DOCTYPE lolz [<!ENTITY lol "lol">${Array.from(
    { length: 9 },
    (_, i) => `<!ENTITY lol${i + 1} "${`&lol${i || ''};`.repeat(10)}">`,
  ).join('')}]>`;

  it('costs only that: entities that multiply are not parsed, the rest is', async () => {
    const document = laughs + xmpDocument('<dc:title>&lol9;</dc:title>', 'xmp:Rating="3"');
    expect(sidecarMetadata(Buffer.from(document))).toBeUndefined();
    const read = await told({ main: { Model: 'X100' }, xmp: document });
    expect(read).toMatchObject({ camera: 'X100', title: null, rating: null });
  });

  it('is never thrown', async () => {
    const whole = await photoWith({
      main: { Model: 'X100' },
      gps: GPS,
      xmp: xmpDocument(bag('dc:subject', ['a', 'b'])),
    });
    for (let i = 0; i < 400; i++) {
      const torn = Buffer.from(i % 2 === 0 ? whole : whole.subarray(0, (whole.length * i) / 400));
      // Flips that are the same in every run.
      for (let flip = 0; flip < 4; flip++) torn[(i * 7919 + flip * 104_729) % torn.length] = (i * 31) & 255;
      expect(() => embeddedMetadata([torn], 'x')).not.toThrow();
      expect(() => sidecarMetadata(torn)).not.toThrow();
    }
    expect(embeddedMetadata([new Uint8Array()], '')).toMatchObject({ takenAt: null, keywords: [] });
  });
});
