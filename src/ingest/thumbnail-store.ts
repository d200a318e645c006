import { mkdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathError } from '../core/errors.js';
import type { ThumbnailStore } from '../core/ports.js';

/** Previews on disk, named by the content hash of their photo: written once, shared by all paths of that content. */
export class ThumbnailFolder implements ThumbnailStore {
  readonly #folder: string;
  readonly #made = new Set<string>();

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** 256 folders, so that none holds too many files. */
  path(contentHash: string): string {
    return join(this.#folder, contentHash.slice(0, 2), `${contentHash}.jpg`);
  }

  /** @throws ERR_DISK_FULL */
  async write(contentHash: string, thumbnail: Uint8Array): Promise<void> {
    const path = this.path(contentHash);
    const shard = contentHash.slice(0, 2);
    try {
      if (!this.#made.has(shard)) await mkdir(join(this.#folder, shard), { recursive: true });
      this.#made.add(shard);
      const unfinished = `${path}.${process.pid}`;
      await writeFile(unfinished, thumbnail);
      await rename(unfinished, path);
    } catch (error) {
      throw pathError(error, path, 'ERR_INTERNAL');
    }
  }
}
