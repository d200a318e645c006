import { readFile } from 'node:fs/promises';
import { pathError, SightlineError } from '../core/errors.js';
import type { Photo } from '../core/item.js';
import { contentHash as hashOf } from '../ingest/mod.js';

/**
 * The bytes that were ingested, read from the photo's file and checked: a path whose content was exchanged is refused.
 * @throws ERR_FILE_GONE, ERR_FILE_CHANGED
 */
export async function originalBytes({ path, contentHash }: Photo): Promise<Uint8Array> {
  const bytes = await readFile(path).catch((error: unknown) => {
    const { message } = pathError(error, path, 'ERR_PATH_UNREADABLE');
    const remedy = `The file of this photo cannot be read: ${message} Ingest its folder again.`;
    throw new SightlineError('ERR_FILE_GONE', remedy, { cause: error });
  });
  if (hashOf(bytes) === contentHash) return bytes;
  const message =
    'The file of this photo has another content than when it was ingested. Ingest its folder again.';
  throw new SightlineError('ERR_FILE_CHANGED', message);
}
