import { readFile, stat } from 'node:fs/promises';
import { pathError, SightlineError } from '../core/errors.js';
import type { Photo } from '../core/item.js';
import { contentHash as hashOf, frameAt } from '../ingest/mod.js';

const CHANGED =
  'The file of this photo has another content than when it was ingested. Ingest its folder again.';

function gone(error: unknown, path: string): SightlineError {
  const { message } = pathError(error, path, 'ERR_PATH_UNREADABLE');
  const remedy = `The file of this photo cannot be read: ${message} Ingest its folder again.`;
  return new SightlineError('ERR_FILE_GONE', remedy, { cause: error });
}

/** A video is known by its size here: to read it whole for one frame could take minutes. */
async function frameBytes({ path, bytes }: Photo, second: number): Promise<Uint8Array> {
  const { size } = await stat(path).catch((error: unknown) => {
    throw gone(error, path);
  });
  if (size !== bytes) throw new SightlineError('ERR_FILE_CHANGED', CHANGED);
  return frameAt(path, second);
}

/**
 * The bytes that were ingested, read from the photo's file and checked: a path whose content was exchanged is refused.
 * Of a frame of a video: the frame as a JPEG.
 * @throws ERR_FILE_GONE, ERR_FILE_CHANGED, ERR_VIDEO_UNREADABLE, ERR_VIDEO_UNAVAILABLE
 */
export async function originalBytes(photo: Photo): Promise<Uint8Array> {
  const { path, contentHash, second } = photo;
  if (second !== null) return frameBytes(photo, second);
  const bytes = await readFile(path).catch((error: unknown) => {
    throw gone(error, path);
  });
  if (hashOf(bytes) === contentHash) return bytes;
  throw new SightlineError('ERR_FILE_CHANGED', CHANGED);
}
