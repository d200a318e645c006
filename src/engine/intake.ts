/** Everything by which photos come into a library and leave it: passes over folders, watching, failures, rest. */
import { stat } from 'node:fs/promises';
import type { Log } from '../core/log.js';
import type { Freshness } from '../core/query.js';
import type { Library } from '../index/mod.js';
import {
  ingest,
  type IngestOptions,
  type IngestReport,
  lowerPoolPriority,
  type ThumbnailFolder,
  USUAL_TIMING,
  type WatchedState,
  Watching,
  type WatchTiming,
} from '../ingest/mod.js';
import { folderAt } from './folder-at.js';
import { type IntakeModel, IntakePorts } from './intake-ports.js';
import { Onlookers } from './onlookers.js';
import { IngestMeter, type IngestStatus } from './ingest-status.js';

export interface IngestRequest {
  readonly signal?: AbortSignal;
  readonly onProgress?: (status: IngestStatus) => void;
  /** Follow symbolic links below the given folders. Default false. */
  readonly followLinks?: boolean;
}

export interface IntakeParts {
  readonly dataDir: string;
  readonly library: Library;
  readonly thumbnails: ThumbnailFolder;
  readonly log: Log;
  readonly watchTiming?: Partial<WatchTiming> | undefined;
}

/** Milliseconds after which removed photos' previews are swept: once for many. */
const SWEEP_AFTER = 60_000;

export class Intake {
  readonly #parts: IntakeParts;
  readonly #ports: IntakePorts;
  readonly #meter: IngestMeter;
  readonly #closing = new AbortController();
  readonly #onlookers = new Onlookers();
  #watching: Watching | undefined;
  /** The pass under way; another one waits for it. */
  #passes: Promise<unknown> = Promise.resolve();
  #sweep: NodeJS.Timeout | undefined;
  #standsBack = false;

  constructor(parts: IntakeParts, model: IntakeModel) {
    this.#parts = parts;
    this.#ports = new IntakePorts(parts, model, () => this.#changed());
    this.#meter = new IngestMeter(this.#ports.pipeline, () => parts.library.files.count());
  }

  get status(): IngestStatus {
    return this.#meter.status;
  }

  get watched(): readonly WatchedState[] {
    return this.#watching?.states ?? [];
  }

  get freshness(): Freshness {
    const folders = this.#parts.library.watched.all();
    const times = folders.map(({ reconciledAt }) => reconciledAt?.getTime() ?? Number.NaN);
    const oldest = Math.min(...times);
    return {
      watching: this.watched.length > 0,
      pending: this.#ports.pipeline.pending + (this.#watching?.pending ?? 0),
      lastReconciled: Number.isFinite(oldest) ? new Date(oldest) : null,
    };
  }

  /** Somebody waits for this: who was asked to be considerate gives way. */
  giveWayTo<Result>(search: () => Promise<Result>): Promise<Result> {
    return this.#ports.pipeline.pace.giveWayTo(search);
  }

  /**
   * Lets searches go before the ingest (`--nice`). Its threads have a low priority from the first time on: it
   * cannot be raised again, and costs nothing while nobody searches.
   */
  async setConsiderate(considerate: boolean): Promise<void> {
    this.#ports.pipeline.pace.considerate = considerate;
    if (!considerate || this.#standsBack) return;
    this.#standsBack = true;
    this.#ports.model.encoder.standBack();
    await lowerPoolPriority();
  }

  pause(): void {
    this.#ports.pipeline.pace.pause();
    this.#changed();
  }

  resume(): void {
    this.#ports.pipeline.pace.resume();
    this.#changed();
  }

  /** Where things stand, now and whenever that changes, a few times a second at most. */
  updates(signal: AbortSignal): AsyncGenerator<IngestStatus> {
    return this.#onlookers.updates(() => this.status, AbortSignal.any([signal, this.#closing.signal]));
  }

  ingest(
    paths: readonly string[],
    { signal, onProgress, followLinks }: IngestRequest,
  ): Promise<IngestReport> {
    return this.#pass(paths, { signal, followLinks }, onProgress);
  }

  /** Folders that are watched whenever a process watches this library. */
  get folders(): readonly string[] {
    return this.#parts.library.watched.all().map(({ path }) => path);
  }

  /** Adds to these folders. @throws ERR_PATH_NOT_FOUND, ERR_PATH_UNREADABLE */
  async remember(paths: readonly string[]): Promise<void> {
    const { watched } = this.#parts.library;
    for (const path of paths) watched.remember({ path: await folderAt(path), reconciledAt: null });
  }

  /**
   * Watches the folders until the engine is closed. Resolves when each was looked through once, with what that did; a
   * folder that cannot be looked through now is tried again until it can.
   */
  async follow(): Promise<IngestReport[]> {
    const { library, dataDir, log, watchTiming } = this.#parts;
    this.#watching ??= new Watching(
      {
        ingest: this.#ports,
        pass: (root, options) => this.#pass([root], options),
        onReconciled: (path, reconciledAt) => library.watched.remember({ path, reconciledAt }),
        onForgotten: () => this.#sweepSoon(),
        onError: (error) => log.error({ error: String(error) }, 'watching goes on after an error'),
        log,
      },
      [dataDir],
      { ...USUAL_TIMING, ...watchTiming },
    );
    const watching = this.#watching;
    const folders = library.watched.all();
    const looks = await Promise.all(
      folders.map(({ path, reconciledAt }) => watching.add(path, reconciledAt)),
    );
    return looks.filter((report) => report !== undefined);
  }

  /**
   * Runs something while nothing comes in: a pass under way is ended first, others wait, and watched folders are looked
   * through again afterwards. What it gives is the model from then on.
   */
  async standStill(body: () => Promise<IntakeModel>): Promise<void> {
    await this.#passes;
    const watching = this.#watching;
    this.#watching = undefined;
    await watching?.close();
    const run = this.#passes.then(body);
    this.#passes = run.catch(() => {});
    try {
      this.#ports.model = await run;
      if (this.#standsBack) this.#ports.model.encoder.standBack();
    } finally {
      if (watching && !this.#closing.signal.aborted)
        void this.follow().catch((error: unknown) =>
          this.#parts.log.error({ error: String(error) }, 'watching ended'),
        );
    }
  }

  /** Looks through the remembered folders once. */
  async reconcile(request: IngestRequest): Promise<IngestReport> {
    const { library } = this.#parts;
    const start = new Date();
    const paths = library.watched.all().map(({ path }) => path);
    const report = await this.#pass(paths, { signal: request.signal, patient: true }, request.onProgress);
    if (!report.interrupted)
      for (const path of paths) library.watched.remember({ path, reconciledAt: start });
    return report;
  }

  /** Watches a folder no longer. What came from it stays in the library. */
  unwatch(path: string): void {
    this.#parts.library.watched.forget(path);
    this.#watching?.remove(path);
  }

  /** Tries failed files again now. @returns how many there were, and how many still fail */
  async retry(paths: readonly string[], signal?: AbortSignal): Promise<IngestReport> {
    const { library } = this.#parts;
    const failed = library.files.failures(Number.MAX_SAFE_INTEGER).map(({ path }) => path);
    const wanted = paths.length === 0 ? failed : failed.filter((path) => paths.some((at) => isAt(path, at)));
    const there: string[] = [];
    for (const path of wanted) {
      if (
        await stat(path).then(
          () => true,
          () => false,
        )
      )
        there.push(path);
    }
    return this.#pass(there, { signal, retry: true });
  }

  forget(path: string): void {
    const { library } = this.#parts;
    library.forget([...library.files.under(path)]);
    // In turn with passes: to sweep is to read folders that they write to.
    this.#passes = this.#passes.then(() => this.#sweepNow()).catch(() => {});
  }

  async close(): Promise<void> {
    this.#closing.abort();
    clearTimeout(this.#sweep);
    this.#ports.pipeline.pace.resume();
    await this.#watching?.close();
    await this.#passes;
    this.#changed();
  }

  #pass(
    paths: readonly string[],
    options: Partial<IngestOptions>,
    onProgress?: IngestRequest['onProgress'],
  ): Promise<IngestReport> {
    const run = this.#passes.then(() => this.#run(paths, options, onProgress));
    this.#passes = run.catch(() => {});
    return run;
  }

  async #run(
    paths: readonly string[],
    options: Partial<IngestOptions>,
    onProgress: IngestRequest['onProgress'],
  ): Promise<IngestReport> {
    const { library, dataDir, log } = this.#parts;
    const signal = options.signal
      ? AbortSignal.any([options.signal, this.#closing.signal])
      : this.#closing.signal;
    this.#meter.start();
    try {
      const report = await ingest(paths, this.#ports, {
        ...options,
        exclude: [dataDir],
        signal,
        onProgress: (progress) => {
          this.#meter.update(progress);
          onProgress?.(this.#meter.status);
          this.#changed();
        },
      });
      if (report.removed > 0) await this.#sweepNow();
      await library.save();
      const { failed, ...counts } = report;
      log.info({ paths, ...counts, failed: failed.length }, 'ingested');
      for (const failure of failed) log.warn(failure, 'could not be ingested');
      return report;
    } finally {
      this.#meter.stop();
      this.#changed();
    }
  }

  #sweepSoon(): void {
    this.#sweep ??= setTimeout(() => {
      this.#sweep = undefined;
      this.#passes = this.#passes.then(() => this.#sweepNow()).catch(() => {});
    }, SWEEP_AFTER).unref();
  }

  /** Lets go of the pixels and previews of photos that no path leads to any more. */
  async #sweepNow(): Promise<void> {
    const { library, pixels, thumbnails, pipeline } = this.#ports;
    const isKept = (hash: string): boolean => library.has('photo', hash) || pipeline.holds(hash);
    await pixels.sweep(isKept);
    await thumbnails.sweep(isKept);
  }

  #changed(): void {
    this.#onlookers.tell();
  }
}

const isAt = (path: string, at: string): boolean => path === at || path.startsWith(`${at}/`);
