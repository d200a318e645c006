import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pathError, systemCode } from '../core/errors.js';

/** Files made from photos, named by the content hash of their photo: written once, shared by all paths of that content. */
export class ContentFolder {
  readonly #folder: string;
  readonly #extension: string;
  #writes = 0;

  /** @param extension of the files, without its dot */
  constructor(folder: string, extension: string) {
    this.#folder = folder;
    this.#extension = extension;
  }

  /** 256 folders, so that none holds too many files. */
  path(contentHash: string): string {
    return join(this.#folder, contentHash.slice(0, 2), `${contentHash}.${this.#extension}`);
  }

  /** Undefined where nothing was kept, or where it cannot be read: it can be made again. */
  async read(contentHash: string): Promise<Uint8Array | undefined> {
    return readFile(this.path(contentHash)).catch(() => undefined);
  }

  /** @throws ERR_DISK_FULL */
  async write(contentHash: string, content: Uint8Array): Promise<void> {
    const path = this.path(contentHash);
    // The same content may be under way twice: each write has a name of its own until it is whole.
    const unfinished = `${path}.${process.pid}-${this.#writes++}`;
    try {
      await writeFile(unfinished, content).catch(async (error: unknown) => {
        // The first of its folder, or the first since somebody cleaned up.
        if (systemCode(error) !== 'ENOENT') throw error;
        await mkdir(dirname(path), { recursive: true });
        await writeFile(unfinished, content);
      });
      await rename(unfinished, path);
    } catch (error) {
      throw pathError(error, path, 'ERR_INTERNAL');
    }
  }

  /**
   * Removes what belongs to photos that are gone. Nothing may be written meanwhile: a file comes before the row that
   * keeps it.
   * @returns how many files went
   */
  async sweep(isKept: (contentHash: string) => boolean): Promise<number> {
    let removed = 0;
    for (const part of await readdir(this.#folder).catch(() => [])) {
      const folder = join(this.#folder, part);
      for (const file of await readdir(folder).catch(() => [])) {
        const contentHash = file.slice(0, file.indexOf('.'));
        if (isKept(contentHash)) continue;
        await rm(join(folder, file), { force: true });
        removed++;
      }
    }
    return removed;
  }
}
