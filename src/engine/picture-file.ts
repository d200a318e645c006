import { readFile } from 'node:fs/promises';
import { type ErrorCode, pathError } from '../core/errors.js';

/**
 * The bytes of a picture that a person named.
 * @param otherwise the code of an error that the operating system does not explain
 */
export async function readPictureFile(
  path: string,
  otherwise: ErrorCode = 'ERR_PATH_UNREADABLE',
): Promise<Uint8Array> {
  try {
    return await readFile(path);
  } catch (error) {
    throw pathError(error, path, otherwise);
  }
}
