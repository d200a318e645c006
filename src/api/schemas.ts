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
  kind: z.enum(ITEM_KINDS).default('photo'),
  limit: z.coerce.number().int().min(1).max(MAX_LIMIT).default(DEFAULT_LIMIT),
  offset: z.coerce.number().int().min(0).max(MAX_OFFSET).default(0),
};

const id = z.coerce.number().int().positive();

/** Fields of `POST /api/search`. */
export const SEARCH_FIELDS: readonly string[] = ['text', 'imageId', ...Object.keys(page)];
export const searchRequest: z.ZodType<SearchRequest> = z.strictObject({
  text: z.string().optional(),
  imageId: id.optional(),
  ...page,
});

export interface PictureSearchRequest extends SearchPage {
  readonly text?: string | undefined;
}

/** Text fields beside the picture in `POST /api/search/image`. */
export const PICTURE_SEARCH_FIELDS: readonly string[] = ['text', ...Object.keys(page)];
export const pictureSearchRequest: z.ZodType<PictureSearchRequest> = z.strictObject({
  text: z.string().optional(),
  ...page,
});

export const itemId: z.ZodType<ItemId> = id.transform((value) => value as ItemId);

export interface ItemAnswer {
  readonly id: number;
  readonly kind: ItemKind;
  /** Absolute path of the photo, or of the collection that holds the caption. */
  readonly path: string;
  readonly caption?: string;
  readonly line?: number;
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

export interface SearchAnswer extends Omit<SearchResult, 'hits'> {
  readonly hits: readonly HitAnswer[];
}

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
