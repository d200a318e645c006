/** Items as the API gives them. */
import { z } from 'zod';
import { ITEM_KINDS, type Item, type ItemId, type ItemKind } from '../core/item.js';
import type { PhotoMetadata } from '../core/photo-metadata.js';

/** Forms and addresses carry numbers as text. */
export const idField: z.ZodType<number> = z.coerce.number().int().positive();

export interface ItemPath {
  readonly id: ItemId;
}

export const itemPath: z.ZodType<ItemPath> = z.strictObject({
  id: idField.transform((value) => value as ItemId).describe('Of an item.'),
});

/** `takenAt` is ISO 8601, UTC. */
export interface MetadataAnswer extends Omit<PhotoMetadata, 'takenAt'> {
  readonly takenAt: string | null;
}

export interface ItemAnswer {
  readonly id: number;
  readonly kind: ItemKind;
  readonly path: string;
  readonly caption?: string | undefined;
  readonly line?: number | undefined;
  readonly second: number | null;
  readonly width: number | null;
  readonly height: number | null;
  readonly format: string | null;
  readonly bytes: number | null;
  readonly metadata: MetadataAnswer | null;
  readonly placeholder: string | null;
  readonly addedAt: string;
  readonly thumbnailUrl: string | null;
  readonly originalUrl: string | null;
}

const number = z.number().nullable();
const words = z.string().nullable();

const metadataSchema: z.ZodType<MetadataAnswer> = z
  .strictObject({
    takenAt: z.iso.datetime().nullable(),
    takenOffset: number.describe('Minutes of local time ahead of UTC.'),
    camera: words,
    lens: words,
    iso: number,
    aperture: number,
    exposureSeconds: number,
    focalLength: number.describe('Millimetres.'),
    latitude: number,
    longitude: number,
    altitude: number.describe('Metres.'),
    title: words,
    description: words,
    keywords: z.array(z.string()),
    people: z.array(z.string()),
    rating: number.describe('0…5.'),
  })
  .meta({ id: 'PhotoMetadata' });

/** What an item and a hit have in common. */
export interface ItemFields extends Omit<ItemAnswer, 'line' | 'format' | 'bytes' | 'addedAt'> {}

type Shape<T> = { readonly [Key in keyof T]-?: z.ZodType<T[Key]> };

export const itemFields: Shape<ItemFields> = {
  id: z.number().int(),
  kind: z.enum(ITEM_KINDS),
  path: z.string().describe('Absolute path of the photo, or of the collection that holds the caption.'),
  caption: z.string().optional().describe('The text of a caption.'),
  second: z
    .number()
    .nullable()
    .describe('Of a frame of a video: seconds from its beginning; the path is then the video.'),
  width: z.number().int().nullable().describe('Pixels, upright.'),
  height: z.number().int().nullable().describe('Pixels, upright.'),
  metadata: metadataSchema.nullable().describe("What a photo's file says about it; null for a caption."),
  placeholder: z
    .string()
    .nullable()
    .describe('A ThumbHash in base64: a blurred likeness for the time until the preview has come.'),
  thumbnailUrl: z.string().nullable(),
  originalUrl: z.string().nullable(),
};

const wholeFields = {
  ...itemFields,
  line: z.number().int().optional().describe('Where the caption stands in its collection, from 1.'),
  format: z.string().nullable().describe('What the bytes are: jpeg, png, …'),
  bytes: z.number().int().nullable().describe('Size of the file; null for a caption.'),
  addedAt: z.iso.datetime(),
};

export const itemSchema: z.ZodType<ItemAnswer> = z.strictObject(wholeFields).meta({ id: 'Item' });

export interface WholeItem extends ItemAnswer {
  readonly captions: readonly string[];
}

export const wholeItemSchema: z.ZodType<WholeItem> = z
  .strictObject({
    ...wholeFields,
    captions: z.array(z.string()).describe('What collections and sidecars say that a photo shows.'),
  })
  .meta({ id: 'WholeItem' });

/** Named one by one: a spread copy takes three times the memory and many times as long, and a page of hits has dozens. */
function metadataAnswer(metadata: PhotoMetadata): MetadataAnswer {
  return {
    takenAt: metadata.takenAt?.toISOString() ?? null,
    takenOffset: metadata.takenOffset,
    camera: metadata.camera,
    lens: metadata.lens,
    iso: metadata.iso,
    aperture: metadata.aperture,
    exposureSeconds: metadata.exposureSeconds,
    focalLength: metadata.focalLength,
    latitude: metadata.latitude,
    longitude: metadata.longitude,
    altitude: metadata.altitude,
    title: metadata.title,
    description: metadata.description,
    keywords: metadata.keywords,
    people: metadata.people,
    rating: metadata.rating,
  };
}

/** What a hit tells of its item. */
export function itemFieldsOf(item: Item): ItemFields {
  const { id, kind, path } = item;
  if (kind === 'caption')
    return {
      id,
      kind,
      path,
      caption: item.text,
      second: null,
      width: null,
      height: null,
      metadata: null,
      placeholder: null,
      thumbnailUrl: null,
      originalUrl: null,
    };
  const { second, width, height, metadata, placeholder } = item;
  const base = `/api/items/${id}`;
  return {
    id,
    kind,
    path,
    second,
    width,
    height,
    metadata: metadataAnswer(metadata),
    placeholder: placeholder && Buffer.from(placeholder).toString('base64'),
    thumbnailUrl: `${base}/thumbnail`,
    originalUrl: `${base}/original`,
  };
}

export function itemAnswer(item: Item): ItemAnswer {
  const own =
    item.kind === 'caption'
      ? { line: item.line, format: null, bytes: null }
      : { format: item.format, bytes: item.bytes };
  return Object.assign(itemFieldsOf(item), own, { addedAt: item.addedAt.toISOString() });
}
