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
  readonly bytes: Uint8Array;
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

/** Exactly the bytes that the file had; undefined where it shrinks meanwhile. */
async function readBytes(handle: FileHandle, size: number): Promise<Uint8Array | undefined> {
  const bytes = new Uint8Array(size);
  for (let at = 0; at < size; ) {
    const { bytesRead } = await handle.read(bytes, at, size - at, at);
    if (bytesRead === 0) return undefined;
    at += bytesRead;
  }
  return bytes;
}

/** @throws ERR_PATH_NOT_FOUND, ERR_PATH_UNREADABLE, ERR_IMAGE_TOO_LARGE, ERR_FILE_UNSETTLED */
export async function readContent(path: string): Promise<FileContent> {
  try {
    // Opening a pipe would wait for its writer.
    await using handle = await open(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      const state = await stateOf(handle, path);
      const bytes = await readBytes(handle, state.size);
      const after = await stateOf(handle, path);
      const settled = state.size === after.size && state.mtimeMs === after.mtimeMs;
      if (bytes !== undefined && settled) return { bytes, state };
    }
  } catch (error) {
    throw pathError(error, path, 'ERR_PATH_UNREADABLE');
  }
  const message = `${path} is still being written. It is read again later.`;
  throw new SightlineError('ERR_FILE_UNSETTLED', message, { details: { path } });
}
