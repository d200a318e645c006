import { lstat } from 'node:fs/promises';
import { asSightlineError, systemCode } from '../core/errors.js';
import type { FileState } from '../core/ports.js';
import { countCaptions } from './caption-collection.js';
import { ingestCaptions } from './caption-pipeline.js';
import { ingestPhotos, type PhotoPorts } from './photo-pipeline.js';
import { type IngestProgress, type IngestReport, IngestTally } from './progress.js';
import { type FoundFile, type Scan, scan } from './scan.js';

export interface IngestOptions {
  /** Absolute paths that are not entered: the library's own folder. */
  readonly exclude: readonly string[];
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: IngestProgress) => void) | undefined;
}

/** One pass over files and folders: what is new is embedded, what is unchanged costs a look, what is gone is forgotten. */
export async function ingest(
  paths: readonly string[],
  ports: PhotoPorts,
  options: IngestOptions,
): Promise<IngestReport> {
  const run = new IngestRun(ports, options);
  return run.over(paths);
}

/** Failures that may pass by themselves are tried again although the file has not changed. */
const TRANSIENT: ReadonlySet<string> = new Set(['ERR_PATH_UNREADABLE', 'ERR_PATH_NOT_FOUND']);

interface Work {
  readonly photos: FileState[];
  readonly collections: FileState[];
  readonly captions: number;
}

class IngestRun {
  readonly #ports: PhotoPorts;
  readonly #options: IngestOptions;
  readonly #tally = new IngestTally();
  #total: number | null = null;

  constructor(ports: PhotoPorts, options: IngestOptions) {
    this.#ports = ports;
    this.#options = options;
  }

  async over(paths: readonly string[]): Promise<IngestReport> {
    const { signal, exclude } = this.#options;
    try {
      const onFound = (): void => this.#report();
      const found = await scan(paths, { exclude, signal, onFound });
      for (const { path, error } of found.unreadable) this.#tally.fail(path, error);
      const work = await this.#select(found.found);
      this.#total = work.photos.length + work.captions;
      // Tells that the embedding begins: rate and time left are reckoned from here.
      this.#report();
      await this.#photos(work.photos);
      await this.#captions(work.collections);
      if (!signal?.aborted) await this.#forgetVanished(found);
    } catch (error) {
      if (!signal?.aborted) throw error;
    }
    return this.#tally.report(signal?.aborted ?? false);
  }

  /** Parts what must be read from what is as it was. */
  async #select(found: readonly FoundFile[]): Promise<Work> {
    const work = { photos: [] as FileState[], collections: [] as FileState[], captions: 0 };
    for (const { role, state } of found) {
      const known = this.#ports.library.file(state.path);
      const unchanged = known?.size === state.size && known.mtimeMs === state.mtimeMs;
      if (unchanged && known.failureCode === undefined && !known.unread) this.#tally.unchanged++;
      else if (unchanged && known.failureCode !== undefined && !TRANSIENT.has(known.failureCode))
        this.#tally.stillFailing++;
      else if (role === 'photo') work.photos.push(state);
      else {
        try {
          work.captions += await countCaptions(state.path);
          work.collections.push(state);
        } catch (error) {
          const failure = asSightlineError(error);
          this.#ports.library.commit([
            { type: 'failure', file: state, code: failure.code, reason: failure.message },
          ]);
          this.#tally.fail(state.path, failure);
        }
      }
    }
    return work;
  }

  async #photos(files: readonly FileState[]): Promise<void> {
    for await (const { changes, added } of ingestPhotos(files, this.#ports, this.#options.signal)) {
      const failures = changes.filter((change) => change.type === 'failure');
      for (const { file, code, reason } of failures)
        this.#tally.failed.push({ path: file.path, code, reason });
      this.#tally.done += changes.length;
      this.#tally.added += added;
      this.#tally.known += changes.length - failures.length - added;
      this.#report();
    }
  }

  async #captions(files: readonly FileState[]): Promise<void> {
    for (const file of files) {
      for await (const { done, added } of ingestCaptions(file, this.#ports, this.#options.signal)) {
        this.#tally.done += done;
        this.#tally.added += added;
        this.#tally.known += done - added;
        this.#report();
      }
    }
  }

  /**
   * Forgets paths below the scanned folders that no longer exist. A folder in which nothing at all was found is rather a
   * drive that is not mounted: it is left as it is.
   */
  async #forgetVanished({ found, roots }: Scan): Promise<void> {
    const seen = new Set(found.map(({ state }) => state.path));
    for (const root of roots) {
      const known = [...this.#ports.library.pathsUnder(root)];
      if (known.length > 0 && !known.some((path) => seen.has(path)) && !anyUnder(seen, root)) {
        const message = `${root} is empty, but the library knows ${known.length} files in it. Nothing was forgotten, in case a drive is not mounted.`;
        this.#tally.warnings.push(message);
        continue;
      }
      const gone: string[] = [];
      for (const path of known) if (!seen.has(path) && (await isGone(path))) gone.push(path);
      this.#ports.library.forget(gone);
      this.#tally.removed += gone.length;
    }
  }

  #report(): void {
    const { done, failed } = this.#tally;
    const phase = this.#total === null ? 'scanning' : 'embedding';
    this.#options.onProgress?.({ phase, done, total: this.#total, failed: failed.length });
  }
}

function anyUnder(paths: Iterable<string>, root: string): boolean {
  for (const path of paths) if (path.startsWith(`${root}/`)) return true;
  return false;
}

async function isGone(path: string): Promise<boolean> {
  try {
    await lstat(path);
    return false;
  } catch (error) {
    const code = systemCode(error);
    return code === 'ENOENT' || code === 'ENOTDIR';
  }
}
