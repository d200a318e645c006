import { lstat, readdir } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { systemCode } from '../core/errors.js';
import type { IngestLibrary } from '../core/ports.js';

/** Whether nothing has exactly this name: a file system that is blind to case still finds what was renamed. */
export async function isGone(path: string): Promise<boolean> {
  try {
    await lstat(path);
    return !(await readdir(dirname(path))).includes(basename(path));
  } catch (error) {
    const code = systemCode(error);
    return code === 'ENOENT' || code === 'ENOTDIR';
  }
}

/**
 * The paths that a file came from: others of its content that are no longer there. They may be forgotten at once, since
 * the photo lives on at its new path; so a rename, a move or a changed mount point leaves nothing behind.
 */
export async function movedFrom(
  path: string,
  contentHash: string,
  { files }: Pick<IngestLibrary, 'files'>,
): Promise<string[]> {
  const gone: string[] = [];
  for (const other of files.ofContent(contentHash)) {
    if (other !== path && (await isGone(other))) gone.push(other);
  }
  return gone;
}
