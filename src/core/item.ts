/** What a library holds: photos and captions. Both are found by the same vectors, each kind in an index of its own. */
import type { PhotoMetadata } from './photo-metadata.js';

declare const itemIdBrand: unique symbol;

/** Identifies an item for as long as the library lives; ids are never given twice. */
export type ItemId = number & { readonly [itemIdBrand]: true };

export const ITEM_KINDS = ['photo', 'caption'] as const;
export type ItemKind = (typeof ITEM_KINDS)[number];

/** One value for each kind. */
export function byKind<T>(value: (kind: ItemKind) => T): Record<ItemKind, T> {
  return { photo: value('photo'), caption: value('caption') };
}

/** A photo: one file content. The same bytes under two paths are one photo. */
export interface Photo {
  readonly kind: 'photo';
  readonly id: ItemId;
  /** Absolute path of one file with this content; of a frame, the video's. */
  readonly path: string;
  /** SHA-256 of the file's bytes, in hex; of a frame, that of the video, an `@` and the millisecond. */
  readonly contentHash: string;
  /** Of a frame of a video: seconds from its beginning. Null for a picture. */
  readonly second: number | null;
  /** Pixels, after the EXIF orientation was applied. */
  readonly width: number;
  readonly height: number;
  /** What the bytes are (`jpeg`, `png`, …), whatever the name says. */
  readonly format: string;
  /** Size of the file; null where a library older than this question does not know. */
  readonly bytes: number | null;
  readonly metadata: PhotoMetadata;
  /** A ThumbHash: a blurred likeness of a few bytes, for the time until the preview has come. */
  readonly placeholder: Uint8Array | null;
  readonly addedAt: Date;
}

/** A caption: one text of a caption collection. The same text on two lines is one caption. */
export interface Caption {
  readonly kind: 'caption';
  readonly id: ItemId;
  readonly text: string;
  /** Absolute path of a collection that holds it, and the line there, counted from 1. */
  readonly path: string;
  readonly line: number;
  /** The picture that the collection names beside the text, as written there. */
  readonly image: string | null;
  /** SHA-256 of the text's UTF-8 bytes, in hex. */
  readonly contentHash: string;
  readonly addedAt: Date;
}

export type Item = Photo | Caption;
