import sharp from 'sharp';

/** An XMP document with these children of `rdf:Description`; attributes of it may come first. */
export function xmpDocument(children: string, attributes = ''): string {
  const namespaces = {
    dc: 'http://purl.org/dc/elements/1.1/',
    xmp: 'http://ns.adobe.com/xap/1.0/',
    exif: 'http://ns.adobe.com/exif/1.0/',
    lr: 'http://ns.adobe.com/lightroom/1.0/',
    digiKam: 'http://www.digikam.org/ns/1.0/',
    stArea: 'http://ns.adobe.com/xmp/sType/Area#',
    'mwg-rs': 'http://www.metadataworkinggroup.com/schemas/regions/',
    Iptc4xmpExt: 'http://iptc.org/std/Iptc4xmpExt/2008-02-29/',
    MP: 'http://ns.microsoft.com/photo/1.2/',
    MPRI: 'http://ns.microsoft.com/photo/1.2/t/RegionInfo#',
    MPReg: 'http://ns.microsoft.com/photo/1.2/t/Region#',
  };
  const declared = Object.entries(namespaces).map(([prefix, name]) => `xmlns:${prefix}="${name}"`);
  return `<?xml version="1.0" encoding="UTF-8"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" ${declared.join(' ')} ${attributes}>${children}</rdf:Description>
</rdf:RDF></x:xmpmeta>`;
}

export const bag = (name: string, values: readonly string[]): string =>
  `<${name}><rdf:Bag>${values.map((value) => `<rdf:li>${value}</rdf:li>`).join('')}</rdf:Bag></${name}>`;

export const alternatives = (name: string, texts: Readonly<Record<string, string>>): string => {
  const lines = Object.entries(texts).map(
    ([language, text]) => `<rdf:li xml:lang="${language}">${text}</rdf:li>`,
  );
  return `<${name}><rdf:Alt>${lines.join('')}</rdf:Alt></${name}>`;
};

type Ifd = Readonly<Record<string, string>>;

export interface Told {
  /** Main, Exif and GPS directories, as libvips takes them. */
  readonly main?: Ifd;
  readonly exif?: Ifd;
  readonly gps?: Ifd;
  readonly xmp?: string;
}

/** A small picture whose file says these things. */
export function photoWith(
  { main = {}, exif = {}, gps = {}, xmp }: Told,
  format: 'jpeg' | 'webp' | 'png' | 'avif' = 'jpeg',
  background = '#c33',
): Promise<Buffer> {
  const picture = sharp({ create: { width: 24, height: 16, channels: 3, background } }).withExif({
    IFD0: main,
    IFD2: exif,
    IFD3: gps,
  });
  return (xmp === undefined ? picture : picture.withXmp(xmp)).toFormat(format).toBuffer();
}

/** IPTC records, numbered as the standard has them, in front of a JPEG's other segments. */
export function withIptc(jpeg: Uint8Array, records: readonly (readonly [number, string])[]): Buffer {
  const datasets = records.map(([number, text]) => {
    const value = Buffer.from(text, 'utf8');
    return Buffer.concat([Buffer.from([0x1c, 2, number, value.length >> 8, value.length & 255]), value]);
  });
  const iptc = Buffer.concat([Buffer.from([0x1c, 1, 90, 0, 3, 0x1b, 0x25, 0x47]), ...datasets]);
  const resource = Buffer.alloc(12);
  resource.write('8BIM', 0, 'latin1');
  resource.writeUInt16BE(0x0404, 4);
  resource.writeUInt32BE(iptc.length, 8);
  const body = Buffer.concat([
    Buffer.from('Photoshop 3.0\0', 'latin1'),
    resource,
    iptc,
    Buffer.alloc(iptc.length & 1),
  ]);
  const segment = Buffer.from([0xff, 0xed, (body.length + 2) >> 8, (body.length + 2) & 255]);
  return Buffer.concat([jpeg.subarray(0, 2), segment, body, jpeg.subarray(2)]);
}
