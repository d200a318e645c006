import { mkdir, rename, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pathError, systemCode } from '../core/errors.js';
import type { ThumbnailStore } from '../core/ports.js';

/** Previews on disk, named by the content hash of their photo: written once, shared by all paths of that content. */
export class ThumbnailFolder implements ThumbnailStore {
  readonly #folder: string;
  #writes = 0;

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
    // The same content may be under way twice: each write has a name of its own until it is whole.
    const unfinished = `${path}.${process.pid}-${this.#writes++}`;
    try {
      await writeFile(unfinished, thumbnail).catch(async (error: unknown) => {
        // The first of its folder, or the first since somebody cleaned up.
        if (systemCode(error) !== 'ENOENT') throw error;
        await mkdir(dirname(path), { recursive: true });
        await writeFile(unfinished, thumbnail);
      });
      await rename(unfinished, path);
    } catch (error) {
      throw pathError(error, path, 'ERR_INTERNAL');
    }
  }
}
