/**
 * A library as files that any program can read: `items.jsonl` with one item a line, `vectors.npy` with the embedding of
 * line n in row n, and `manifest.json`, written last, which says what both are and what their checksums are.
 */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { PhotoMetadata } from '../../core/photo-metadata.js';
import type { FileState } from '../../core/ports.js';

export const EXCHANGE_FORMAT = 1;

interface Exchanged {
  /** In the library that it came from; another one gives it another. */
  readonly id: number;
  readonly contentHash: string;
  readonly addedAt: string;
}

export interface ExchangedPhoto extends Exchanged {
  readonly kind: 'photo';
  readonly width: number;
  readonly height: number;
  readonly format: string;
  /** A ThumbHash in base64. */
  readonly placeholder: string | null;
  readonly metadata: Omit<PhotoMetadata, 'takenAt'> & { readonly takenAt: string | null };
  readonly files: readonly FileState[];
}

export interface ExchangedCaption extends Exchanged {
  readonly kind: 'caption';
  readonly text: string;
  readonly mentions: readonly {
    readonly path: string;
    readonly line: number;
    readonly image: string | null;
  }[];
}

/** One line of `items.jsonl`. */
export type ExchangedItem = ExchangedPhoto | ExchangedCaption;

export interface ExchangeManifest {
  readonly format: typeof EXCHANGE_FORMAT;
  /** Names the embedding space. */
  readonly model: string;
  readonly dimensions: number;
  readonly items: number;
  readonly exportedAt: string;
  readonly sha256: { readonly items: string; readonly vectors: string };
  /** Caption collections that were read to their end. */
  readonly collections: readonly (FileState & { readonly lines: number })[];
}

export const exchangePaths = (folder: string): Record<'items' | 'vectors' | 'manifest', string> => ({
  items: join(folder, 'items.jsonl'),
  vectors: join(folder, 'vectors.npy'),
  manifest: join(folder, 'manifest.json'),
});

const text = z.string().nullable();
const number = z.number().nullable();
const file = { path: z.string(), size: z.number(), mtimeMs: z.number() };
const shared = { id: z.int().positive(), contentHash: z.string(), addedAt: z.iso.datetime() };

const metadataSchema: z.ZodType<ExchangedPhoto['metadata']> = z.strictObject({
  takenAt: z.iso.datetime().nullable(),
  takenOffset: number,
  camera: text,
  lens: text,
  iso: number,
  aperture: number,
  exposureSeconds: number,
  focalLength: number,
  latitude: number,
  longitude: number,
  altitude: number,
  title: text,
  description: text,
  keywords: z.array(z.string()),
  people: z.array(z.string()),
  rating: number,
});

export const exchangedItemSchema: z.ZodType<ExchangedItem> = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('photo'),
    ...shared,
    width: z.int(),
    height: z.int(),
    format: z.string(),
    placeholder: text,
    metadata: metadataSchema,
    files: z.array(z.strictObject(file)),
  }),
  z.strictObject({
    kind: z.literal('caption'),
    ...shared,
    text: z.string(),
    mentions: z.array(z.strictObject({ path: z.string(), line: z.int(), image: text })),
  }),
]);

export const exchangeManifestSchema: z.ZodType<ExchangeManifest> = z.strictObject({
  format: z.literal(EXCHANGE_FORMAT),
  model: z.string(),
  dimensions: z.int().positive(),
  items: z.int().nonnegative(),
  exportedAt: z.iso.datetime(),
  sha256: z.strictObject({ items: z.string(), vectors: z.string() }),
  collections: z.array(z.strictObject({ ...file, lines: z.int() })),
});

export async function sha256Of(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer);
  return hash.digest('hex');
}
