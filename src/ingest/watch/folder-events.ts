/**
 * What the system tells of changes in folders: the only file that knows chokidar.
 *
 * Left to itself chokidar watches every file, which for a photo library means hundreds of thousands of watches. Only the
 * folders that the scanner enters are given to it, each for itself, and everything else is ignored: one watch a folder
 * tells of all that happens to the files in it, and what is excluded is never watched. Its raw events are enough, because
 * an event only says where to look; what has become of the path is then seen on disk.
 */
import { basename, join } from 'node:path';
import { type FSWatcher, watch } from 'chokidar';

export interface FolderListener {
  /** Something happened to this path. */
  readonly onPath: (path: string) => void;
  /** This folder is not watched any more: it is gone, or was replaced. */
  readonly onLost: (folder: string) => void;
  readonly onError: (error: unknown) => void;
}

export class FolderEvents {
  readonly #watcher: FSWatcher;
  /** With the inode that is watched: a folder that was replaced by another has to be watched anew. */
  readonly #folders = new Map<string, number>();

  constructor({ onPath, onLost, onError }: FolderListener) {
    this.#watcher = watch([], {
      depth: 0,
      ignoreInitial: true,
      followSymlinks: false,
      ignorePermissionErrors: true,
      ignored: (path) => !this.#folders.has(path),
    });
    this.#watcher.on('raw', (_event, name, details) => {
      const { watchedPath } = details as { watchedPath: string };
      onPath(name ? join(watchedPath, name) : watchedPath);
      // So the kernel says that the watch itself has ended: the folder was removed, or its drive unmounted.
      if (name !== basename(watchedPath) || !this.#folders.delete(watchedPath)) return;
      this.#watcher.unwatch(watchedPath);
      onLost(watchedPath);
    });
    this.#watcher.on('unlinkDir', (path) => {
      this.#folders.delete(path);
      onLost(path);
    });
    this.#watcher.on('error', onError);
  }

  get size(): number {
    return this.#folders.size;
  }

  /** @returns whether the folder was not watched before */
  add(folder: string, inode: number): boolean {
    const before = this.#folders.get(folder);
    if (before === inode) return false;
    if (before !== undefined) this.#watcher.unwatch(folder);
    this.#folders.set(folder, inode);
    this.#watcher.add(folder);
    return true;
  }

  /** Watches nothing at or below a folder any more. */
  remove(root: string): void {
    const gone = [...this.#folders.keys()].filter((path) => path === root || path.startsWith(`${root}/`));
    for (const path of gone) this.#folders.delete(path);
    if (gone.length > 0) this.#watcher.unwatch(gone);
  }

  async close(): Promise<void> {
    await this.#watcher.close();
  }
}
