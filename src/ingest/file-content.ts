/** Reading a file that others may be writing, replacing or removing at the same time. */
import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { pathError, SightlineError } from '../core/errors.js';
import type { FileState } from '../core/ports.js';

/** Larger files are not photos of a camera; reading one whole would break the bound on memory. */
const MAX_FILE_BYTES = 512 * 1024 * 1024;

/** A file that has not come to rest is read once more before it is left for later. */
const ATTEMPTS = 2;

export interface FileContent {
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** The state in which these bytes were read. */
  readonly state: FileState;
}

async function stateOf(handle: FileHandle, path: string): Promise<FileState> {
  const stats = await handle.stat();
  if (!stats.isFile()) {
    const message = `Expected a file but ${path} is a folder, a pipe or a device. Leave it out.`;
    throw new SightlineError('ERR_PATH_UNREADABLE', message, { details: { path } });
  }
  const { size, mtimeMs } = stats;
  if (size > MAX_FILE_BYTES) {
    const message = `Expected a photo of at most ${MAX_FILE_BYTES / 1024 ** 2} MB but ${path} has ${Math.round(size / 1024 ** 2)} MB.`;
    throw new SightlineError('ERR_IMAGE_TOO_LARGE', message, { details: { path, size } });
  }
  return { path, size, mtimeMs };
}

/** Fills the memory with the bytes of the file. @returns whether it had as many */
async function fill(bytes: Uint8Array, handle: FileHandle): Promise<boolean> {
  for (let at = 0; at < bytes.length; ) {
    const { bytesRead } = await handle.read(bytes, at, bytes.length - at, at);
    if (bytesRead === 0) return false;
    at += bytesRead;
  }
  return true;
}

/**
 * @param memory for this many bytes; default: fresh
 * @throws ERR_PATH_NOT_FOUND, ERR_PATH_UNREADABLE, ERR_IMAGE_TOO_LARGE, ERR_FILE_UNSETTLED
 */
export async function readContent(
  path: string,
  memory: (size: number) => Uint8Array<ArrayBuffer> = (size) => new Uint8Array(size),
): Promise<FileContent> {
  try {
    // Opening a pipe would wait for its writer.
    await using handle = await open(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      const state = await stateOf(handle, path);
      const bytes = memory(state.size);
      const whole = await fill(bytes, handle);
      const after = await stateOf(handle, path);
      const settled = state.size === after.size && state.mtimeMs === after.mtimeMs;
      if (whole && settled) return { bytes, state };
    }
  } catch (error) {
    throw pathError(error, path, 'ERR_PATH_UNREADABLE');
  }
  const message = `${path} is still being written. It is read again later.`;
  throw new SightlineError('ERR_FILE_UNSETTLED', message, { details: { path } });
}
