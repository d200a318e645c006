import { join } from 'node:path';
import type { PixelStore } from '../core/ports.js';
import { ContentFolder } from './content-folder.js';

const CHANNELS = 3;

/** The pixels that a model reads, on disk: RGB, 8 bits, [size, size, 3], a folder for each size. */
export class PixelFolder extends ContentFolder implements PixelStore {
  readonly #bytes: number;

  /** @param size side of the model's pictures, in pixels */
  constructor(folder: string, size: number) {
    super(join(folder, String(size)), 'rgb');
    this.#bytes = size * size * CHANNELS;
  }

  /** Undefined also for a file that is not whole. */
  override async read(contentHash: string): Promise<Uint8Array | undefined> {
    const pixels = await super.read(contentHash);
    return pixels?.length === this.#bytes ? pixels : undefined;
  }
}
