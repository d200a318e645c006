import { readFile } from 'node:fs/promises';
import type { Photo } from '../core/item.js';
import type { ImageReader } from '../core/ports.js';
import { isOwnThumbnail } from '../encoder/mod.js';
import type { ThumbnailFolder } from '../ingest/mod.js';
import { originalBytes } from './original-file.js';

/** An encoded picture of a photo. */
export interface Picture {
  readonly bytes: Uint8Array;
  readonly format: string;
  /** Of the photo. */
  readonly contentHash: string;
}

/** Previews: the stored one, the photo itself where it is small, or one made again from the original. */
export class PhotoPreviews {
  readonly #thumbnails: ThumbnailFolder;
  readonly #images: ImageReader;
  readonly #readOnly: boolean;

  constructor(parts: {
    readonly thumbnails: ThumbnailFolder;
    readonly images: ImageReader;
    readonly readOnly: boolean;
  }) {
    this.#thumbnails = parts.thumbnails;
    this.#images = parts.images;
    this.#readOnly = parts.readOnly;
  }

  /** @throws ERR_FILE_GONE, ERR_FILE_CHANGED */
  async of(photo: Photo): Promise<Picture> {
    const { contentHash } = photo;
    const stored = await readFile(this.#thumbnails.path(contentHash)).catch(() => undefined);
    if (stored) return { bytes: stored, format: 'webp', contentHash };
    const bytes = await originalBytes(photo);
    if (isOwnThumbnail(photo.width, photo.height, photo.format)) {
      return { bytes, format: photo.format, contentHash };
    }
    const { thumbnail } = await this.#images.read(bytes, { thumbnail: true });
    if (thumbnail === undefined) throw new TypeError('Expected the image reader to make a preview.');
    if (!this.#readOnly) await this.#thumbnails.write(contentHash, thumbnail);
    return { bytes: thumbnail, format: 'webp', contentHash };
  }
}
