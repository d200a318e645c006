import { asSightlineError } from '../core/errors.js';
import type { FailureChange, FileState, KnownFile } from '../core/ports.js';
import { countCaptions } from './caption-collection.js';
import { Exclusions } from './exclusions.js';
import { ingestCaptions } from './caption-pipeline.js';
import { isGone, movedFrom } from './gone.js';
import { enterUnreadable, scheduled } from './ledger.js';
import type { Outcome } from './order.js';
import type { IngestOptions, IngestPorts } from './ingest-options.js';
import { type IngestReport, IngestTally } from './progress.js';
import { isTransient } from './retry-policy.js';
import { forgetFiles, sidecarChanges } from './sidecars.js';
import { ingestVideos } from './video/video-pipeline.js';
import { type FoundFile, givenPath, scanFolder, type UnreadablePath } from './scan.js';

/** One pass over files and folders: what is new is embedded, what is unchanged costs a look, what is gone is forgotten. */
export async function ingest(
  paths: readonly string[],
  ports: IngestPorts,
  options: IngestOptions,
): Promise<IngestReport> {
  return new IngestRun(ports, options).over(paths);
}

/** The same for files that were found already. */
export async function ingestFound(
  found: readonly FoundFile[],
  ports: IngestPorts,
  options: IngestOptions,
): Promise<IngestReport> {
  return new IngestRun(ports, options).over([], found);
}

/** Paths of one query. */
const LOOKUPS = 500;

class IngestRun {
  readonly #ports: IngestPorts;
  readonly #options: IngestOptions;
  readonly #tally = new IngestTally();
  readonly #seen = new Set<string>();
  readonly #roots = new Map<string, Exclusions>();
  readonly #unreadable: UnreadablePath[] = [];
  readonly #photos: FileState[] = [];
  readonly #collections: FileState[] = [];
  readonly #sidecars: FileState[] = [];
  readonly #videos: FileState[] = [];
  /** Contents that the library had, of files that it did not. */
  readonly #copied = new Set<string>();
  #found: FoundFile[] = [];
  #total: number | null = null;

  constructor(ports: IngestPorts, options: IngestOptions) {
    this.#ports = ports;
    this.#options = options;
  }

  async over(paths: readonly string[], files: readonly FoundFile[] = []): Promise<IngestReport> {
    const { signal } = this.#options;
    try {
      await this.#take(files);
      for (const path of paths) await this.#scan(path);
      await this.#select();
      this.#total =
        this.#tally.before + this.#photos.length + this.#videos.length + (await this.#captionsToRead());
      // Tells that the embedding begins: rate and time left are reckoned from here.
      this.#report();
      await this.#ingestPhotos();
      await this.#ingestSidecars();
      await this.#forgetMoved();
      await this.#ingestCaptions();
      await this.#ingestVideos();
      if (!signal?.aborted) await this.#settleUnreadable();
      if (!signal?.aborted) await this.#forgetVanished();
    } catch (error) {
      if (!signal?.aborted) throw error;
    }
    return this.#tally.report(signal?.aborted ?? false);
  }

  async #scan(path: string): Promise<void> {
    const given = await givenPath(path);
    if ('file' in given) return this.#take([given.file]);
    const { exclude, followLinks, signal, onFolder } = this.#options;
    const exclusions = this.#options.exclusionsOf?.(given.root) ?? new Exclusions(given.root);
    this.#roots.set(given.root, exclusions);
    const onUnreadable = (unreadable: UnreadablePath): void => {
      this.#unreadable.push(unreadable);
      // It is there, if under a name that nobody can say.
      if (unreadable.error.code === 'ERR_NAME_INVALID') this.#seen.add(unreadable.path);
      this.#tally.fail(unreadable.path, unreadable.error);
    };
    const scan = { exclude, followLinks, signal, onFolder, onUnreadable };
    for await (const found of scanFolder(given.root, scan, exclusions)) await this.#take(found);
  }

  async #take(found: readonly FoundFile[]): Promise<void> {
    for (const file of found) {
      const { path } = file.state;
      if (this.#seen.has(path)) continue;
      this.#seen.add(path);
      this.#found.push(file);
    }
    if (this.#found.length >= LOOKUPS) await this.#select();
    this.#report();
  }

  /** Parts what must be read from what is as it was. */
  async #select(): Promise<void> {
    const found = this.#found;
    this.#found = [];
    const known = this.#ports.library.files.many(found.map(({ state }) => state.path));
    for (const { role, state } of found) {
      const before = known.get(state.path);
      if (role === 'drawing' && !this.#ports.images.readsDrawings) continue;
      if (before && isAsBefore(before, state) && !before.unread && !this.#isDue(before)) {
        if (before.failureCode === undefined) this.#tally.unchanged++;
        else this.#tally.stillFailing++;
      } else if (role === 'photo' || role === 'drawing') this.#photos.push(state);
      else if (role === 'video') this.#videos.push(state);
      else if (role === 'sidecar') this.#sidecars.push(state);
      else this.#collections.push(state);
    }
  }

  #isDue({ failureCode, nextTry: due }: KnownFile): boolean {
    if (failureCode === undefined) return false;
    if (this.#options.retry) return true;
    if (!isTransient(failureCode)) return false;
    return !this.#options.patient || (due ?? 0) <= Date.now();
  }

  async #captionsToRead(): Promise<number> {
    let captions = 0;
    for (const state of this.#collections.splice(0)) {
      try {
        captions += await countCaptions(state.path);
        this.#collections.push(state);
      } catch (error) {
        const { code, message } = asSightlineError(error);
        this.#fail({ type: 'failure', file: state, code, reason: message });
      }
    }
    return captions;
  }

  /** Enters a failure into the ledger. */
  #fail(failure: FailureChange): void {
    const { file, code, reason } = failure;
    this.#ports.library.commit([scheduled(failure, this.#ports.library)]);
    this.#tally.failed.push({ path: file.path, code, reason });
  }

  async #ingestPhotos(): Promise<void> {
    await this.#ports.pipeline.ingest(this.#photos, {
      priority: this.#options.priority ?? 'backfill',
      signal: this.#options.signal,
      onOutcome: (outcome) => {
        this.#count(outcome);
        this.#report();
      },
    });
  }

  #count({ change, added }: Outcome): void {
    this.#tally.done++;
    this.#tally.added += added;
    if (change.type === 'failure')
      this.#tally.failed.push({ path: change.file.path, code: change.code, reason: change.reason });
    else this.#tally.known += 1 - added;
    if (change.type === 'photo' && added === 0) this.#copied.add(change.contentHash);
  }

  async #forgetMoved(): Promise<void> {
    for (const contentHash of this.#copied) {
      const gone = await movedFrom(contentHash, this.#seen, this.#ports.library);
      if (gone.length > 0) this.#ports.library.forget(gone);
      this.#tally.removed += gone.length;
    }
  }

  async #ingestCaptions(): Promise<void> {
    for (const file of this.#collections) {
      for await (const { done, added } of ingestCaptions(file, this.#ports, this.#options.signal)) {
        this.#tally.done += done;
        this.#tally.added += added;
        this.#tally.known += done - added;
        this.#report();
      }
    }
  }

  /** Last: one takes as long as hundreds of photos. */
  async #ingestVideos(): Promise<void> {
    for await (const done of ingestVideos(this.#videos, this.#ports, this.#options.signal)) {
      if ('warning' in done) return void this.#tally.warnings.push(done.warning);
      this.#tally.done++;
      if ('failure' in done) this.#fail(done.failure);
      else this.#tally.added += done.added;
      this.#report();
    }
  }

  /** After the photos: those that are new have read their sidecars themselves. */
  async #ingestSidecars(): Promise<void> {
    for (const file of this.#sidecars) {
      if (this.#options.signal?.aborted) return;
      const known = this.#ports.library.files.one(file.path);
      if (known?.failureCode === undefined && known && isAsBefore(known, file)) continue;
      for (const change of await sidecarChanges(file, this.#ports)) {
        if (change.type === 'failure') this.#fail(change);
        else this.#ports.library.commit([change]);
      }
    }
  }

  /** Folders and files that could not be looked at enter the ledger; those that can be again leave it. */
  async #settleUnreadable(): Promise<void> {
    enterUnreadable(this.#unreadable, this.#ports.library);
    const unreadable = new Set(this.#unreadable.map(({ path }) => path));
    for (const root of this.#roots.keys()) {
      const healed = this.#ports.library.files
        .due(root, Infinity)
        .filter((path) => !this.#seen.has(path) && !unreadable.has(path));
      this.#ports.library.forget(healed);
    }
  }

  /**
   * Forgets paths below the scanned folders that no longer exist or are left out now. A folder in which nothing at all
   * was found is rather a drive that is not mounted: it is left as it is.
   */
  async #forgetVanished(): Promise<void> {
    for (const [root, exclusions] of this.#roots) {
      const missing: string[] = [];
      let known = 0;
      for (const path of this.#ports.library.files.under(root)) {
        known++;
        if (!this.#seen.has(path)) missing.push(path);
      }
      const gone: string[] = [];
      const excluded: string[] = [];
      for (const path of missing) {
        if (exclusions.excludes(path)) excluded.push(path);
        else if (await isGone(path)) gone.push(path);
      }
      // Somebody wants them out, and does not wait.
      await forgetFiles(excluded, this.#ports);
      this.#tally.removed += excluded.length;
      if (gone.length > 0 && gone.length === known && !this.#isAnySeenIn(root)) {
        const message = `${root} is empty, but the library knows ${known} files in it. Nothing was forgotten, in case a drive is not mounted.`;
        this.#tally.warnings.push(message);
        continue;
      }
      if (this.#options.onGone) this.#options.onGone(gone);
      else await forgetFiles(gone, this.#ports);
      this.#tally.removed += gone.length;
    }
  }

  #isAnySeenIn(root: string): boolean {
    for (const path of this.#seen) if (path.startsWith(`${root}/`)) return true;
    return false;
  }

  #report(): void {
    const { done, before, failed } = this.#tally;
    const phase = this.#total === null ? 'scanning' : 'embedding';
    const progress = {
      phase,
      done: before + done,
      before,
      total: this.#total,
      failed: failed.length,
    } as const;
    this.#options.onProgress?.(progress);
  }
}

const isAsBefore = (known: KnownFile, { size, mtimeMs }: FileState): boolean =>
  known.size === size && known.mtimeMs === mtimeMs;
