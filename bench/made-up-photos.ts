/** Rows of photos that are nowhere: what a library holds of a photo, without the file. */
import { createHash } from 'node:crypto';
import { NO_METADATA } from '../src/core/photo-metadata.js';
import type { LibraryChange } from '../src/core/ports.js';

export interface MadeUp {
  readonly embedding: Float32Array;
  /** Of the file, in bytes. Default: about four million. */
  readonly size?: number;
  readonly description?: string | undefined;
}

/** The `n`-th photo, a thousand to a folder. Its hash is in no order, as hashes are. */
export function madeUpPhoto(
  n: number,
  { embedding, size = 4_000_000 + n, description }: MadeUp,
): LibraryChange {
  const path = `/photos/${Math.floor(n / 1000)}/IMG_${n}.jpg`;
  const metadata = { ...NO_METADATA, description: description ?? null };
  return {
    type: 'photo',
    file: { path, size, mtimeMs: 1 },
    contentHash: createHash('sha256').update(path).digest('hex'),
    photo: { width: 4000, height: 3000, format: 'jpeg', embedding, metadata },
  };
}
