/** Which paths may be asked for from afar: those that an owner chose to have read, and nothing else of the disk. */
import { realpath } from 'node:fs/promises';
import { isAbsolute, sep } from 'node:path';
import { pathError, SightlineError } from '../core/errors.js';

/** @throws ERR_REQUEST_INVALID */
export function absolutePath(path: string): string {
  if (isAbsolute(path)) return path;
  const message = `Expected an absolute path but received ${path}. Say where it lies from the root of the disk on.`;
  throw new SightlineError('ERR_REQUEST_INVALID', message);
}

const isWithin = (path: string, folder: string): boolean =>
  path === folder || path.startsWith(folder.endsWith(sep) ? folder : folder + sep);

export function notWatched(path: string): SightlineError {
  const message = `No watched folder is ${path} or holds it. Watch its folder first.`;
  return new SightlineError('ERR_FOLDER_NOT_WATCHED', message, { details: { path } });
}

/**
 * The paths as they really lie: a link that leads out of the watched folders is a path outside of them.
 * @throws ERR_REQUEST_INVALID, ERR_FOLDER_NOT_WATCHED, ERR_PATH_NOT_FOUND, ERR_PATH_UNREADABLE
 */
export async function watchedPaths(paths: readonly string[], folders: readonly string[]): Promise<string[]> {
  const found: string[] = [];
  for (const path of paths) {
    // Asked before the disk is: nobody learns from the refusal what lies elsewhere.
    if (!folders.some((folder) => isWithin(absolutePath(path), folder))) throw notWatched(path);
    const real = await realpath(path).catch((error: unknown) => {
      throw pathError(error, path, 'ERR_PATH_UNREADABLE');
    });
    if (!folders.some((folder) => isWithin(real, folder))) throw notWatched(path);
    found.push(real);
  }
  return found;
}
