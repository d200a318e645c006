import { realpath, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { pathError, SightlineError } from '../core/errors.js';

/** The real path of a folder that somebody named. @throws ERR_PATH_NOT_FOUND also for a file, ERR_PATH_UNREADABLE */
export async function folderAt(path: string): Promise<string> {
  try {
    const real = await realpath(path);
    if ((await stat(real)).isDirectory()) return real;
  } catch (error) {
    throw pathError(error, path, 'ERR_PATH_UNREADABLE');
  }
  const message = `Expected a folder to watch but ${basename(path)} is a file. Give the folder that it lies in.`;
  throw new SightlineError('ERR_PATH_NOT_FOUND', message, { details: { path } });
}
