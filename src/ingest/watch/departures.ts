/**
 * Paths that are gone from the disk, until they are forgotten: many come back at once, because a program replaced a file
 * or somebody changed his mind, and a drive that was unplugged comes back one day. Nothing is lost meanwhile: the library
 * keeps what it knows of them.
 */
import { readdir } from 'node:fs/promises';
import { isGone } from '../gone.js';
import { DuePaths } from './due-paths.js';

export interface DepartureListener {
  /** The watched folder that a path lies in; undefined where it is no longer watched. */
  readonly rootOf: (path: string) => string | undefined;
  readonly onForget: (paths: readonly string[]) => Promise<void>;
}

/** Paths that are looked at, and forgotten in one transaction. */
const BATCH = 200;

async function isEmptyOrAway(folder: string): Promise<boolean> {
  const names = await readdir(folder).catch(() => []);
  return names.length === 0;
}

interface Departure {
  readonly due: number;
}

export class Departures {
  readonly #grace: number;
  readonly #listener: DepartureListener;
  readonly #paths = new DuePaths<Departure>(() => this.#forgetDue());

  /** @param grace milliseconds from leaving to being forgotten */
  constructor(grace: number, listener: DepartureListener) {
    this.#grace = grace;
    this.#listener = listener;
  }

  get size(): number {
    return this.#paths.size;
  }

  add(paths: Iterable<string>): void {
    const due = Date.now() + this.#grace;
    for (const path of paths) if (this.#paths.get(path) === undefined) this.#paths.set(path, { due });
  }

  close(): Promise<void> {
    return this.#paths.close();
  }

  async #forgetDue(): Promise<void> {
    const away = new Map<string, boolean>();
    const gone: string[] = [];
    for (const [path] of this.#paths.due(Date.now(), BATCH)) {
      this.#paths.delete(path);
      const root = this.#listener.rootOf(path);
      if (root === undefined) continue;
      if (!away.has(root)) away.set(root, await isEmptyOrAway(root));
      // A watched folder that is empty or not there is rather a drive that is not mounted.
      if (!away.get(root) && (await isGone(path))) gone.push(path);
    }
    if (gone.length > 0 && !this.#paths.closed) await this.#listener.onForget(gone);
  }
}
