/**
 * Keeping a library equal to the folders it is made from, for years.
 *
 * An event only says where to look. Paths that something happened to come to rest first (settling.ts), are then compared
 * with what the library knows, and go through the same pipeline as everything else, before any backfill. What is gone
 * waits for a while before it is forgotten (departures.ts). Because events get lost (the kernel's queue overflows, drives
 * come and go, other machines write), every folder is also looked through from end to end: at the start, from time to
 * time, and after a burst. Where there are no events to rely on, that is all there is, more often.
 */
import { setMaxListeners } from 'node:events';
import { readdir } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import type { Log } from '../../core/log.js';
import type { FileState } from '../../core/ports.js';
import { Exclusions, IGNORE_FILE } from '../exclusions.js';
import { besideWhat, photoNames, roleOf } from '../file-roles.js';
import { ingestFound } from '../ingest.js';
import type { IngestOptions, IngestPorts } from '../ingest-options.js';
import { enterUnreadable } from '../ledger.js';
import type { IngestReport } from '../progress.js';
import { type FoundFile, scanFolder, type UnreadablePath } from '../scan.js';
import { forgetFiles } from '../sidecars.js';
import { Departures } from './departures.js';
import { Settling } from './settling.js';
import { WatchPlaces } from './watch-places.js';
import { type WatchedRoot, watchedRoot, type WatchedState } from './watched-root.js';

export interface WatchTiming {
  /** Milliseconds without a change that make a file settled. */
  readonly settle: number;
  /** Milliseconds from leaving to being forgotten. */
  readonly grace: number;
  /** Milliseconds between two looks through a folder whose changes come as events. */
  readonly reconcile: number;
  /** The same where there are no events. */
  readonly poll: number;
}

export const USUAL_TIMING: WatchTiming = { settle: 700, grace: 30_000, reconcile: 3_600_000, poll: 60_000 };

export interface WatchPorts {
  readonly ingest: IngestPorts;
  /** One pass over a folder, in turn with all others. */
  readonly pass: (root: string, options: Partial<IngestOptions>) => Promise<IngestReport>;
  readonly onReconciled: (root: string, at: Date) => void;
  readonly onForgotten: () => void;
  readonly onError: (error: unknown) => void;
  readonly log: Log;
}

/** The kernel keeps 16,384 events; beyond half of that in one burst some may be lost. */
const BURST = 8000;
/** A folder is looked through for at most a twentieth of the time. */
const DUTY = 20;
/** Milliseconds between two looks for failures whose time has come. */
const RETRY_LOOK = 60_000;

export class Watching {
  readonly #ports: WatchPorts;
  readonly #timing: WatchTiming;
  readonly #exclude: readonly string[];
  readonly #roots = new Map<string, WatchedRoot>();
  readonly #places: WatchPlaces;
  readonly #settling: Settling;
  readonly #departures: Departures;
  readonly #closing = new AbortController();
  readonly #working = new Set<Promise<unknown>>();
  readonly #retries: NodeJS.Timeout;

  constructor(ports: WatchPorts, exclude: readonly string[], timing: WatchTiming = USUAL_TIMING) {
    this.#ports = ports;
    this.#exclude = exclude;
    this.#timing = timing;
    this.#places = new WatchPlaces({
      onPath: (path) => this.#notice(path),
      onLost: (folder) => this.#lost(folder),
      onError: ports.onError,
      onPolling: (root) => {
        ports.log.warn({ folder: root.path }, `polling instead of watching: ${root.reason}`);
        this.#scheduleNext(root, 0);
      },
    });
    this.#settling = new Settling(timing.settle, {
      onSettled: (files) => this.#work(this.#arrived(files)),
      onFolders: (paths) => this.#work(this.#lookThrough(paths)),
      onGone: (paths) => this.#left(paths),
    });
    this.#departures = new Departures(timing.grace, {
      rootOf: (path) => this.#rootOf(path)?.path,
      onForget: async (paths) => {
        await forgetFiles(paths, ports.ingest);
        ports.onForgotten();
      },
    });
    // Everything under way listens, and in a storm that is a lot.
    setMaxListeners(0, this.#closing.signal);
    this.#retries = setInterval(() => this.#retryDue(), RETRY_LOOK);
  }

  /** Paths that wait to be looked at. */
  get pending(): number {
    return this.#settling.size;
  }

  get states(): WatchedState[] {
    return [...this.#roots.values()].map(({ path, mode, reason, reconciledAt, problem }) => {
      return { path, mode, reason, reconciledAt, problem };
    });
  }

  /** Watches a folder from now on, and looks through it. Resolves after that look, with what it did. */
  async add(path: string, reconciledAt: Date | null): Promise<IngestReport | undefined> {
    const known = this.#roots.get(path);
    if (known) return known.pass;
    const root = await watchedRoot(path, reconciledAt);
    const { reason } = root;
    this.#roots.set(path, root);
    if (reason)
      this.#ports.log.info(
        { folder: path, reason },
        'polling: this folder is looked through from time to time',
      );
    // Before anything is read: a backfill may take days, and what is new meanwhile does not wait for it.
    await this.#places.place(root, { exclude: this.#exclude, signal: this.#closing.signal });
    return this.reconcile(path);
  }

  remove(path: string): void {
    const root = this.#roots.get(path);
    if (root === undefined) return;
    clearTimeout(root.timer);
    this.#roots.delete(path);
    this.#places.remove(path);
  }

  /** Looks through a watched folder now. Resolves when all that was found is ingested. */
  async reconcile(path: string): Promise<IngestReport | undefined> {
    const root = this.#roots.get(path);
    if (root === undefined || this.#closing.signal.aborted) return undefined;
    root.pass ??= this.#reconcile(root).finally(() => {
      root.pass = undefined;
    });
    return root.pass;
  }

  async close(): Promise<void> {
    this.#closing.abort();
    clearInterval(this.#retries);
    for (const { timer } of this.#roots.values()) clearTimeout(timer);
    await Promise.all([this.#places.close(), this.#settling.close(), this.#departures.close()]);
    await Promise.allSettled([...this.#working, ...[...this.#roots.values()].map(({ pass }) => pass)]);
  }

  async #reconcile(root: WatchedRoot): Promise<IngestReport | undefined> {
    clearTimeout(root.timer);
    const start = Date.now();
    root.events = 0;
    // Rules may have changed since.
    root.exclusions = new Exclusions(root.path);
    try {
      const report = await this.#ports.pass(root.path, {
        patient: true,
        signal: this.#closing.signal,
        exclusionsOf: () => root.exclusions,
        onFolder: (folder, inode) => this.#places.add(root, folder, inode),
        onGone: (paths) => this.#departures.add(paths),
      });
      root.problem = report.warnings[0] ?? null;
      if (!report.interrupted) {
        root.reconciledAt = new Date(start);
        this.#ports.onReconciled(root.path, root.reconciledAt);
      }
      return report;
    } catch (error) {
      if (this.#closing.signal.aborted) return undefined;
      // A drive that is away comes back one day: it is looked for as often as a folder without events.
      root.problem = error instanceof Error ? error.message : String(error);
      this.#ports.log.warn({ folder: root.path, problem: root.problem }, 'could not be looked through');
      this.#places.remove(root.path);
      return undefined;
    } finally {
      this.#scheduleNext(root, Date.now() - start);
    }
  }

  #scheduleNext(root: WatchedRoot, took: number): void {
    if (this.#closing.signal.aborted || !this.#roots.has(root.path)) return;
    const { reconcile, poll } = this.#timing;
    const often = root.mode === 'polling' || root.problem !== null;
    const wait = Math.max(often ? poll : reconcile, took * DUTY);
    root.timer = setTimeout(() => this.#work(this.reconcile(root.path)), wait);
  }

  /** An event: something is, was or will be at this path. */
  #notice(path: string): void {
    const root = this.#rootOf(path);
    if (root === undefined) return;
    root.events++;
    if (basename(path) === IGNORE_FILE) return this.#work(this.#rulesChanged(root));
    if (this.#isExcluded(root, path)) return;
    this.#settling.touch(path);
  }

  /** A watched folder is gone, or a drive that it lay on. */
  #lost(folder: string): void {
    const root = this.#roots.get(folder);
    if (root) this.#work(this.reconcile(folder));
    else this.#notice(folder);
  }

  #isExcluded(root: WatchedRoot, path: string): boolean {
    const own = this.#exclude.some((folder) => path === folder || path.startsWith(`${folder}/`));
    return own || root.exclusions.excludes(path);
  }

  async #rulesChanged(root: WatchedRoot): Promise<void> {
    // After the one under way, which may have read the old rules.
    await root.pass;
    await this.reconcile(root.path);
  }

  async #arrived(files: readonly FileState[]): Promise<void> {
    const found: FoundFile[] = [];
    for (const state of files) {
      const name = basename(state.path);
      // What a text is, the photos beside it tell.
      const beside = besideWhat(name) === undefined ? [] : await readdir(dirname(state.path)).catch(() => []);
      const role = roleOf(name, false, photoNames(beside));
      if (role !== undefined) found.push({ role, state });
    }
    if (found.length > 0) {
      const { signal } = this.#closing;
      await ingestFound(found, this.#ports.ingest, { exclude: [], priority: 'fresh', patient: true, signal });
    }
    this.#reconcileAfterBurst();
  }

  /** Folders that are new, or in which something happened that has no name. */
  async #lookThrough(paths: readonly string[]): Promise<void> {
    for (const path of paths) {
      const root = this.#rootOf(path);
      if (root === undefined || this.#isExcluded(root, path)) continue;
      let isNew = false;
      const onFolder = (folder: string, inode: number): void => {
        isNew = this.#places.add(root, folder, inode) || isNew;
      };
      const unreadable: UnreadablePath[] = [];
      const onUnreadable = (one: UnreadablePath): void => void unreadable.push(one);
      const options = { exclude: this.#exclude, signal: this.#closing.signal, onFolder, onUnreadable };
      for await (const found of scanFolder(path, options, root.exclusions)) {
        for (const { state } of found) this.#settling.touch(state.path);
      }
      this.#settleLedger(path, unreadable);
      // What came between the listing and the watch had no event.
      if (isNew) this.#settling.touch(path);
    }
  }

  #settleLedger(folder: string, unreadable: readonly UnreadablePath[]): void {
    const { library } = this.#ports.ingest;
    enterUnreadable(unreadable, library);
    const isRead = !unreadable.some(({ path }) => path === folder);
    if (isRead && library.files.one(folder)?.failureCode !== undefined) library.forget([folder]);
  }

  #left(paths: readonly string[]): void {
    const { files } = this.#ports.ingest.library;
    for (const path of paths) this.#departures.add(files.under(path));
  }

  #reconcileAfterBurst(): void {
    if (this.#settling.size > 0) return;
    for (const root of this.#roots.values()) {
      if (root.events > BURST) this.#work(this.reconcile(root.path));
    }
  }

  #retryDue(): void {
    const { files } = this.#ports.ingest.library;
    for (const { path } of this.#roots.values()) {
      for (const due of files.due(path, Date.now())) this.#settling.touch(due);
    }
  }

  #rootOf(path: string): WatchedRoot | undefined {
    for (let at = path; ; at = dirname(at)) {
      const root = this.#roots.get(at);
      if (root || at === dirname(at)) return root;
    }
  }

  #work(task: Promise<unknown>): void {
    const working = task
      .catch((error: unknown) => {
        if (!this.#closing.signal.aborted) this.#ports.onError(error);
      })
      .finally(() => this.#working.delete(working));
    this.#working.add(working);
  }
}
