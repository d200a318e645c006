/** Whether what brings photos in has what it needs: the programs for videos, and the folders that are watched. */
import { stat } from 'node:fs/promises';
import type { WatchedFolder } from '../core/ports.js';
import { isVideoReadable } from '../ingest/mod.js';
import type { Finding } from './doctor.js';

const HOUR = 3_600_000;
/** Who watches compares every hour; who runs from cron may do so once a day. */
const LATE = 48 * HOUR;

export async function examineVideos(): Promise<Finding> {
  const check = 'videos';
  if (await isVideoReadable()) return { check, verdict: 'ok', detail: 'ffmpeg and ffprobe are on the PATH' };
  const detail = 'ffmpeg and ffprobe are not on the PATH, so videos are left out: install ffmpeg';
  return { check, verdict: 'note', detail };
}

/** Why the library may not agree with a folder; undefined where it does. */
async function trouble({ path, reconciledAt }: WatchedFolder): Promise<string | undefined> {
  const isThere = await stat(path).then(
    (stats) => stats.isDirectory(),
    () => false,
  );
  if (!isThere) return `${path} is not there`;
  if (reconciledAt === null) return `${path} was never looked through to its end`;
  if (Date.now() - reconciledAt.getTime() < LATE) return undefined;
  return `${path} was last looked through on ${reconciledAt.toISOString().slice(0, 10)}`;
}

export async function examineWatched(folders: readonly WatchedFolder[]): Promise<Finding> {
  const check = 'watched';
  const troubles = (await Promise.all(folders.map(trouble))).filter((one) => one !== undefined);
  if (troubles.length > 0)
    return { check, verdict: 'note', detail: `${troubles.join('; ')}: sightline watch --once` };
  const detail =
    folders.length === 0
      ? 'no folder: sightline watch FOLDER follows one'
      : `${folders.length === 1 ? '1 folder' : `${folders.length} folders`}, looked through within two days`;
  return { check, verdict: 'ok', detail };
}
