import type { Photo } from '../../core/item.js';
import type { ImageReader } from '../../core/ports.js';
import type { PairImage } from '../../encoder/mod.js';
import type { PixelFolder } from '../../ingest/mod.js';
import { originalBytes } from '../original-file.js';

export interface PhotoPixelsParts {
  readonly pixels: PixelFolder;
  readonly images: ImageReader;
  readonly readOnly: boolean;
}

/** A picture that somebody searches by. */
export interface ForeignPicture {
  /** Names its content. */
  readonly key: string;
  readonly bytes: Uint8Array;
}

/** Photos as the model reads them: from what the ingest kept, or made again from their files. */
export class PhotoPixels {
  readonly #parts: PhotoPixelsParts;

  constructor(parts: PhotoPixelsParts) {
    this.#parts = parts;
  }

  /** Its pixels are read when they are first asked for, and then held. */
  image(photo: Photo): PairImage {
    let pixels: Promise<Uint8Array> | undefined;
    return { key: photo.contentHash, pixels: () => (pixels ??= this.#read(photo)) };
  }

  /** A picture that is not in the library. */
  foreign({ key, bytes }: ForeignPicture): PairImage {
    let pixels: Promise<Uint8Array> | undefined;
    const read = async (): Promise<Uint8Array> => (await this.#parts.images.read(bytes)).pixels;
    return { key, pixels: () => (pixels ??= read()) };
  }

  /** @throws ERR_FILE_GONE, ERR_FILE_CHANGED, ERR_IMAGE_UNREADABLE */
  async #read(photo: Photo): Promise<Uint8Array> {
    const kept = await this.#parts.pixels.read(photo.contentHash);
    if (kept) return kept;
    const { pixels } = await this.#parts.images.read(await originalBytes(photo));
    if (!this.#parts.readOnly) await this.#parts.pixels.write(photo.contentHash, pixels);
    return pixels;
  }
}
