/**
 * How many folders may be watched. Linux gives each user a number of inotify watches that all programs share; a folder
 * takes one. When they run out the kernel says "no space left on device", which people take for a full disk.
 */
import { readFile } from 'node:fs/promises';
import { systemCode } from '../../core/errors.js';

const LIMIT_FILE = '/proc/sys/fs/inotify/max_user_watches';
/** What is left to other programs of the user. */
const OWN_SHARE = 0.9;
/** What the advice raises the limits to, at least. */
const USUAL_LIMIT = 524_288;
const USUAL_INSTANCES = 1024;

/** Folders that may be watched; infinite where there is no such limit. */
export async function watchBudget(): Promise<number> {
  const text = await readFile(LIMIT_FILE, 'utf8').catch(() => '');
  const limit = Number(text);
  return text !== '' && Number.isFinite(limit) ? Math.floor(limit * OWN_SHARE) : Infinity;
}

/** Whether an error says that watches, and not bytes, have run out. */
export function isOutOfWatches(error: unknown): boolean {
  const code = systemCode(error);
  return code === 'ENOSPC' || code === 'EMFILE' || code === 'ENFILE';
}

/** Linux counts two things for each user: watches, and the programs (instances) that have some. */
function missing(folders: number, error: unknown): { readonly what: string; readonly setting: string } {
  if (systemCode(error) === 'EMFILE') {
    const what = 'inotify instances: other programs of this user have them all';
    return { what, setting: `fs.inotify.max_user_instances=${USUAL_INSTANCES}` };
  }
  const wanted = Math.max(USUAL_LIMIT, 2 ** Math.ceil(Math.log2(folders * 2)));
  const what = 'inotify watches for them (the disk is not full)';
  return { what, setting: `fs.inotify.max_user_watches=${wanted}` };
}

/**
 * @param folders how many there are to watch
 * @param error of the watch that could not be placed, where one was tried
 */
export function budgetAdvice(folders: number, error?: unknown): string {
  const { what, setting } = missing(folders, error);
  return (
    `${folders} folders are to be watched, and the system has not enough ${what}. ` +
    `Raise the limit with: sudo sysctl ${setting} ` +
    `and keep it with: echo ${setting} | sudo tee /etc/sysctl.d/60-sightline.conf`
  );
}
