import { type ScanOptions, scanFolder } from '../scan.js';
import { FolderEvents, type FolderListener } from './folder-events.js';
import { budgetAdvice, isOutOfWatches, watchBudget } from './watch-budget.js';
import type { WatchedRoot } from './watched-root.js';

export interface PlacesListener extends FolderListener {
  /** There are not enough watches for this folder: it is looked through from time to time instead. */
  readonly onPolling: (root: WatchedRoot) => void;
}

/** Where watches lie: one on each folder, as long as the system has enough of them. */
export class WatchPlaces {
  readonly #events: FolderEvents;
  readonly #listener: PlacesListener;
  readonly #roots = new Set<WatchedRoot>();
  #budget = Infinity;

  constructor(listener: PlacesListener) {
    this.#listener = listener;
    this.#events = new FolderEvents({ ...listener, onError: (error) => this.#failed(error) });
  }

  /** Watches a folder with all below it. They are counted first: the limit is not found by running into it. */
  async place(root: WatchedRoot, scan: ScanOptions): Promise<void> {
    this.#roots.add(root);
    if (root.mode === 'polling') return;
    this.#budget = await watchBudget();
    const folders: [string, number][] = [];
    const onFolder = (folder: string, inode: number): void => void folders.push([folder, inode]);
    const options = { ...scan, foldersOnly: true, onFolder };
    for await (const _ of scanFolder(root.path, options, root.exclusions));
    const wanted = this.#events.size + folders.length;
    if (wanted > this.#budget) return this.#poll(root, wanted);
    for (const [folder, inode] of folders) this.#events.add(folder, inode);
  }

  /** @returns whether the folder was not watched before and is now */
  add(root: WatchedRoot, folder: string, inode: number): boolean {
    if (root.mode === 'polling') return false;
    if (this.#events.size < this.#budget) return this.#events.add(folder, inode);
    this.#poll(root, this.#events.size + 1);
    return false;
  }

  /** Watches nothing at or below this path any more. */
  remove(path: string): void {
    this.#events.remove(path);
  }

  async close(): Promise<void> {
    await this.#events.close();
  }

  #poll(root: WatchedRoot, wanted: number, error?: unknown): void {
    if (root.mode === 'polling') return;
    root.mode = 'polling';
    root.reason = budgetAdvice(wanted, error);
    this.#events.remove(root.path);
    this.#listener.onPolling(root);
  }

  #failed(error: unknown): void {
    if (!isOutOfWatches(error)) return this.#listener.onError(error);
    const wanted = this.#events.size;
    for (const root of this.#roots) this.#poll(root, wanted, error);
  }
}
