import { statfs } from 'node:fs/promises';
import { dirname } from 'node:path';
import { SightlineError, systemCode } from '../core/errors.js';

/** Bytes that may be written at `path`, whose folder may yet have to be made; undefined where no one can tell. */
async function freeBytes(path: string): Promise<number | undefined> {
  try {
    const { bavail, bsize } = await statfs(path);
    return bavail * bsize;
  } catch (error) {
    const parent = dirname(path);
    return systemCode(error) === 'ENOENT' && parent !== path ? freeBytes(parent) : undefined;
  }
}

const inMegabytes = (bytes: number): string => `${Math.ceil(bytes / 1e6)} MB`;

/**
 * Refuses before hours are spent on what cannot fit.
 * @throws ERR_DISK_FULL
 */
export async function requireSpace(path: string, needed: number): Promise<void> {
  const free = await freeBytes(path);
  if (free === undefined || free >= needed) return;
  const message = `Expected about ${inMegabytes(needed)} free for ${path} but there are ${inMegabytes(free)}. Free some room, or choose a folder on another disk, and run the command again.`;
  throw new SightlineError('ERR_DISK_FULL', message, { details: { path, needed, free } });
}
