/** What the API takes and gives for searches and items, as schemas; types beside them, checked to be the same. */
import { z } from 'zod';
import { ITEM_KINDS, type Item, type ItemId, type ItemKind } from '../core/item.js';
import type { PhotoMetadata } from '../core/photo-metadata.js';
import type { Hit, SearchResult } from '../core/query.js';
import { DEFAULT_LIMIT, MAX_LIMIT, MAX_OFFSET } from '../engine/mod.js';

export interface SearchPage {
  readonly kind: ItemKind;
  readonly limit: number;
  readonly offset: number;
}

export interface SearchRequest extends SearchPage {
  readonly text?: string | undefined;
  readonly imageId?: number | undefined;
}

const page = {
  kind: z.enum(ITEM_KINDS).default('photo').describe('What kind of item to find.'),
  limit: z.coerce.number().int().min(1).max(MAX_LIMIT).default(DEFAULT_LIMIT).describe('Hits wanted.'),
  offset: z.coerce.number().int().min(0).max(MAX_OFFSET).default(0).describe('Hits to skip.'),
};

const id = z.coerce.number().int().positive();
const text = z.string().describe('What the photo shows, in plain words.');

export const searchRequest: z.ZodType<SearchRequest> = z
  .strictObject({
    text: text.optional(),
    imageId: id.optional().describe('An item of the library, for more like it.'),
    ...page,
  })
  .meta({ id: 'SearchRequest' });

export interface PictureSearchRequest extends SearchPage {
  readonly text?: string | undefined;
}

/** Fields beside the picture. */
export const pictureSearchRequest: z.ZodType<PictureSearchRequest> = z.strictObject({
  text: text.optional(),
  ...page,
});

export interface ItemPath {
  readonly id: ItemId;
}

export const itemPath: z.ZodType<ItemPath> = z.strictObject({
  id: id.transform((value) => value as ItemId).describe('Of an item.'),
});

export interface ItemAnswer {
  readonly id: number;
  readonly kind: ItemKind;
  readonly path: string;
  readonly caption?: string | undefined;
  readonly line?: number | undefined;
  readonly width: number | null;
  readonly height: number | null;
  readonly format: string | null;
  /** Size of the file; null for a caption. */
  readonly bytes: number | null;
  /** What a photo's file says about it; null for a caption. */
  readonly metadata: PhotoMetadata | null;
  readonly addedAt: string;
  readonly thumbnailUrl: string | null;
  readonly originalUrl: string | null;
}

export interface HitAnswer extends Omit<ItemAnswer, 'line' | 'format' | 'bytes' | 'addedAt'> {
  readonly score: number;
  readonly similarity: number;
  readonly fusedScore: number | null;
  readonly confidence: number | null;
  readonly words: Hit['words'];
  readonly rank?: NonNullable<Hit['rank']>;
}

const itemFields = {
  id: z.number().int(),
  kind: z.enum(ITEM_KINDS),
  path: z.string().describe('Absolute path of the photo, or of the collection that holds the caption.'),
  caption: z.string().optional().describe('The text of a caption.'),
  width: z.number().int().nullable().describe('Pixels, upright.'),
  height: z.number().int().nullable().describe('Pixels, upright.'),
  thumbnailUrl: z.string().nullable(),
  originalUrl: z.string().nullable(),
};

export const itemSchema: z.ZodType<ItemAnswer> = z
  .strictObject({
    ...itemFields,
    line: z.number().int().optional().describe('Where the caption stands in its collection, from 1.'),
    format: z.string().nullable().describe('What the bytes are: jpeg, png, …'),
    addedAt: z.iso.datetime(),
  })
  .meta({ id: 'Item' });

const hitSchema: z.ZodType<HitAnswer> = z
  .strictObject({
    ...itemFields,
    score: z.number().describe('What the hits are ordered by.'),
    similarity: z.number().describe('Cosine of query and item, −1…1.'),
  })
  .meta({ id: 'Hit' });

export interface SearchAnswer extends Omit<SearchResult, 'hits'> {
  readonly hits: readonly HitAnswer[];
}

const milliseconds = z.number().min(0);

export const searchSchema: z.ZodType<SearchAnswer> = z
  .strictObject({
    hits: z.array(hitSchema),
    total: z.number().int().describe('How many items of the kind were searched.'),
    timing: z
      .strictObject({ encode: milliseconds, search: milliseconds, total: milliseconds })
      .describe('Milliseconds.'),
    warnings: z.array(z.string()).describe('What a person should know about this answer.'),
  })
  .meta({ id: 'SearchAnswer' });

export function itemAnswer(item: Item): ItemAnswer {
  const shared = { id: item.id, kind: item.kind, path: item.path, addedAt: item.addedAt.toISOString() };
  if (item.kind === 'caption') {
    const none = { width: null, height: null, format: null, bytes: null, metadata: null };
    const noPicture = { thumbnailUrl: null, originalUrl: null };
    return { ...shared, caption: item.text, line: item.line, ...none, ...noPicture };
  }
  const { width, height, format, bytes, metadata } = item;
  const base = `/api/items/${item.id}`;
  return {
    ...shared,
    width,
    height,
    format,
    bytes,
    metadata,
    thumbnailUrl: `${base}/thumbnail`,
    originalUrl: `${base}/original`,
  };
}

function hitAnswer({ item, ...scores }: Hit): HitAnswer {
  const { line: _line, format: _format, bytes: _bytes, addedAt: _addedAt, ...answer } = itemAnswer(item);
  return { ...answer, ...scores };
}

export function searchAnswer({ hits, ...rest }: SearchResult): SearchAnswer {
  return { hits: hits.map(hitAnswer), ...rest };
}
