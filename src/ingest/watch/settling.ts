/**
 * Paths that something happened to, until they have come to rest. A file has settled when two looks at it, with no event
 * between them, show the same size and time; one whose last change lies longer back was moved here as it is and needs one
 * look. A file that never rests is passed on after a while all the same, so that somebody says so.
 */
import { lstat } from 'node:fs/promises';
import { systemCode } from '../../core/errors.js';
import type { FileState } from '../../core/ports.js';
import { DuePaths } from './due-paths.js';

export interface SettlingListener {
  /** Files that have settled, some at a time. */
  readonly onSettled: (files: readonly FileState[]) => void;
  readonly onFolders: (paths: readonly string[]) => void;
  readonly onGone: (paths: readonly string[]) => void;
}

interface Restless {
  readonly since: number;
  readonly due: number;
  readonly seen: FileState | undefined;
}

/** Looks at a time. */
const LOOKS = 64;
/** Milliseconds after which a file that still changes is passed on. */
const PATIENCE = 600_000;

type Seen = FileState | 'folder' | 'gone' | 'other';

async function look(path: string): Promise<Seen> {
  try {
    const stats = await lstat(path);
    if (stats.isDirectory()) return 'folder';
    return stats.isFile() ? { path, size: stats.size, mtimeMs: stats.mtimeMs } : 'other';
  } catch (error) {
    const code = systemCode(error);
    return code === 'ENOENT' || code === 'ENOTDIR' ? 'gone' : 'other';
  }
}

export class Settling {
  readonly #listener: SettlingListener;
  readonly #pause: number;
  readonly #paths = new DuePaths<Restless>(() => this.#lookAtDue());

  /** @param quiet milliseconds without a change that make a file settled */
  constructor(quiet: number, listener: SettlingListener) {
    this.#pause = quiet / 2;
    this.#listener = listener;
  }

  get size(): number {
    return this.#paths.size;
  }

  /** Something happened here. */
  touch(path: string): void {
    const now = Date.now();
    const since = this.#paths.get(path)?.since ?? now;
    this.#paths.set(path, { since, due: now + this.#pause, seen: undefined });
  }

  close(): Promise<void> {
    return this.#paths.close();
  }

  async #lookAtDue(): Promise<void> {
    const now = Date.now();
    const due = this.#paths.due(now);
    const found = { files: [] as FileState[], folders: [] as string[], gone: [] as string[] };
    for (let i = 0; i < due.length; i += LOOKS) {
      const some = due.slice(i, i + LOOKS);
      const looks = await Promise.all(some.map(([path]) => look(path)));
      for (const [j, [path, restless]] of some.entries()) {
        // Touched again meanwhile: looked at again later.
        if (this.#paths.get(path) !== restless) continue;
        this.#paths.delete(path);
        const seen = looks[j] as Seen;
        if (seen === 'folder') found.folders.push(path);
        else if (seen === 'gone') found.gone.push(path);
        else if (seen !== 'other' && this.#isSettled(restless, seen, now)) found.files.push(seen);
        else if (seen !== 'other')
          this.#paths.set(path, { ...restless, due: Date.now() + this.#pause, seen });
      }
    }
    if (this.#paths.closed) return;
    if (found.folders.length > 0) this.#listener.onFolders(found.folders);
    if (found.files.length > 0) this.#listener.onSettled(found.files);
    if (found.gone.length > 0) this.#listener.onGone(found.gone);
  }

  #isSettled({ since, seen }: Restless, state: FileState, now: number): boolean {
    if (seen?.size === state.size && seen.mtimeMs === state.mtimeMs) return true;
    if (now - since > PATIENCE) return true;
    return seen === undefined && now - state.mtimeMs > 4 * this.#pause && state.mtimeMs <= now;
  }
}
