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
 * The paths that a content came from: others of it that are no longer there. They may be forgotten at once, since the photo
 * lives on at its new path; so a rename, a move or a changed mount point leaves nothing behind.
 * @param seen paths that were there a moment ago
 */
export async function movedFrom(
  contentHash: string,
  seen: ReadonlySet<string>,
  { files }: Pick<IngestLibrary, 'files'>,
): Promise<string[]> {
  const gone: string[] = [];
  for (const path of files.ofContent(contentHash)) {
    if (!seen.has(path) && (await isGone(path))) gone.push(path);
  }
  return gone;
}
