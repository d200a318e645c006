/**
 * Paths that are gone from the disk, until they are forgotten: many come back at once, because a program replaced a file
 * or somebody changed his mind, and a drive that was unplugged comes back one day. Nothing is lost meanwhile: the library
 * keeps what it knows of them.
 */
import { readdir } from 'node:fs/promises';
import { isGone } from '../gone.js';

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

export class Departures {
  readonly #grace: number;
  readonly #listener: DepartureListener;
  readonly #paths = new Map<string, number>();
  #timer: NodeJS.Timeout | undefined;
  #looking: Promise<void> = Promise.resolve();
  #closed = false;

  /** @param grace milliseconds from leaving to being forgotten */
  constructor(grace: number, listener: DepartureListener) {
    this.#grace = grace;
    this.#listener = listener;
  }

  get size(): number {
    return this.#paths.size;
  }

  add(paths: Iterable<string>): void {
    if (this.#closed) return;
    const due = Date.now() + this.#grace;
    for (const path of paths) if (!this.#paths.has(path)) this.#paths.set(path, due);
    this.#schedule();
  }

  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#timer);
    this.#paths.clear();
    await this.#looking;
  }

  #schedule(): void {
    if (this.#timer !== undefined || this.#closed) return;
    const [next] = this.#paths.values();
    if (next === undefined) return;
    this.#timer = setTimeout(
      () => {
        this.#looking = this.#forgetDue().finally(() => {
          this.#timer = undefined;
          this.#schedule();
        });
      },
      Math.max(0, next - Date.now()),
    );
  }

  async #forgetDue(): Promise<void> {
    const now = Date.now();
    const away = new Map<string, boolean>();
    const due: string[] = [];
    for (const [path, at] of this.#paths) {
      if (at > now || due.length >= BATCH) break;
      due.push(path);
    }
    const gone: string[] = [];
    for (const path of due) {
      this.#paths.delete(path);
      const root = this.#listener.rootOf(path);
      if (root === undefined) continue;
      if (!away.has(root)) away.set(root, await isEmptyOrAway(root));
      // A watched folder that is empty or not there is rather a drive that is not mounted.
      if (!away.get(root) && (await isGone(path))) gone.push(path);
    }
    if (gone.length > 0 && !this.#closed) await this.#listener.onForget(gone);
  }
}
