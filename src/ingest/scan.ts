import { lstat, opendir, realpath } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { pathError, type SightlineError } from '../core/errors.js';
import type { FileState } from '../core/ports.js';
import { type FileRole, roleOf } from './file-roles.js';

/** Folders that programs keep previews and packages in. Those that begin with a dot are left out as well. */
const SKIPPED_FOLDERS: ReadonlySet<string> = new Set(['@eaDir', '#recycle', 'node_modules']);

export interface FoundFile {
  readonly role: FileRole;
  readonly state: FileState;
}

export interface Scan {
  readonly found: readonly FoundFile[];
  /** Folders that were walked from end to end. */
  readonly roots: readonly string[];
  /** Folders and files below the roots that could not be looked at. */
  readonly unreadable: readonly { readonly path: string; readonly error: SightlineError }[];
}

export interface ScanOptions {
  /** Absolute paths that are not entered. */
  readonly exclude: readonly string[];
  readonly signal?: AbortSignal | undefined;
  readonly onFound?: (count: number) => void;
}

/**
 * Finds photos and caption collections at and below the given paths, in a fixed order. Symbolic links below a root are
 * not followed.
 * @throws ERR_PATH_NOT_FOUND, ERR_PATH_UNREADABLE for a given path itself
 */
export async function scan(paths: readonly string[], options: ScanOptions): Promise<Scan> {
  const found = new Map<string, FoundFile>();
  const roots: string[] = [];
  const unreadable: { path: string; error: SightlineError }[] = [];

  const add = (role: FileRole, path: string, size: number, mtimeMs: number): void => {
    found.set(path, { role, state: { path, size, mtimeMs } });
    options.onFound?.(found.size);
  };

  const walk = async (folder: string): Promise<void> => {
    const names: { name: string; isFolder: boolean }[] = [];
    try {
      for await (const entry of await opendir(folder)) {
        if (entry.isDirectory() || entry.isFile())
          names.push({ name: entry.name, isFolder: entry.isDirectory() });
      }
    } catch (error) {
      unreadable.push({ path: folder, error: pathError(error, folder, 'ERR_PATH_UNREADABLE') });
      return;
    }
    for (const { name, isFolder } of names.toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
      options.signal?.throwIfAborted();
      const path = join(folder, name);
      if (isFolder) {
        const skipped = name.startsWith('.') || SKIPPED_FOLDERS.has(name) || options.exclude.includes(path);
        if (!skipped) await walk(path);
        continue;
      }
      const role = name.startsWith('.') ? undefined : roleOf(name, false);
      if (role === undefined) continue;
      try {
        const { size, mtimeMs } = await lstat(path);
        add(role, path, size, mtimeMs);
      } catch (error) {
        unreadable.push({ path, error: pathError(error, path, 'ERR_PATH_UNREADABLE') });
      }
    }
  };

  for (const given of paths) {
    const asked = resolve(given);
    try {
      const path = await realpath(asked);
      const stats = await lstat(path);
      if (stats.isDirectory()) {
        roots.push(path);
        await walk(path);
      } else {
        add(roleOf(basename(path), true) ?? 'photo', path, stats.size, stats.mtimeMs);
      }
    } catch (error) {
      options.signal?.throwIfAborted();
      throw pathError(error, asked, 'ERR_PATH_UNREADABLE');
    }
  }
  return { found: [...found.values()], roots, unreadable };
}
