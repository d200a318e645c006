import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { pathError, SightlineError } from '../core/errors.js';
import { didYouMean } from '../core/typo.js';
import {
  download,
  PUBLISHED_ADDRESS,
  PUBLISHED_CHECKPOINTS,
  PUBLISHED_TOKENIZER,
  type PublishedCheckpoint,
  type PublishedFile,
} from '../encoder/mod.js';

export interface PullOptions {
  /** Of a published checkpoint, with or without its ending. */
  readonly name: string;
  readonly dataDir: string;
  /** Where the files lie. Default: where Microsoft published them. */
  readonly from?: string | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: (file: string, done: number, total: number) => void;
}

export interface PulledFile {
  readonly path: string;
  readonly sha256: string;
  /** Whether there was a checksum to compare with. */
  readonly compared: boolean;
}

export interface PulledCheckpoint {
  readonly published: PublishedCheckpoint;
  readonly checkpoint: PulledFile;
  /** Absent where the model reads no text. */
  readonly tokenizer?: PulledFile;
}

function publishedCheckpoint(name: string): PublishedCheckpoint {
  const wanted = name.replace(/\.pth$/, '');
  const found = PUBLISHED_CHECKPOINTS.find((checkpoint) => checkpoint.name === wanted);
  if (found) return found;
  const names = PUBLISHED_CHECKPOINTS.map((checkpoint) => checkpoint.name);
  const message = `No checkpoint ${wanted} was published.${didYouMean(wanted, names)} See them all: sightline models list --published`;
  throw new SightlineError('ERR_MODEL_MISSING', message, { details: { name: wanted } });
}

function addressOf(from: string, file: string): string {
  const folder = from.endsWith('/') ? from : `${from}/`;
  if (URL.canParse(file, folder) && /^https?:/i.test(folder)) return new URL(file, folder).href;
  const message = `--from is not valid: received ${JSON.stringify(from)}; expected an address that begins with https:// or http://.`;
  throw new SightlineError('ERR_CONFIG_INVALID', message, { details: { from } });
}

/**
 * Fetches a published checkpoint and its tokenizer into the library's folder. One of two places that use the network, and
 * only because they are asked to.
 * @throws ERR_MODEL_MISSING, ERR_CONFIG_INVALID, ERR_DOWNLOAD_FAILED, ERR_DISK_FULL, ERR_INTERRUPTED
 */
export async function pullCheckpoint(options: PullOptions): Promise<PulledCheckpoint> {
  const { dataDir, from = PUBLISHED_ADDRESS, signal, onProgress } = options;
  const published = publishedCheckpoint(options.name);
  const folder = join(dataDir, 'checkpoints');
  const fetched = async ({ file, sha256: expected }: PublishedFile): Promise<PulledFile> => {
    const path = join(folder, file);
    const sha256 = await download({
      url: addressOf(from, file),
      path,
      sha256: expected,
      signal,
      onProgress: (done, total) => onProgress?.(file, done, total),
    });
    return { path, sha256, compared: expected !== undefined };
  };
  await mkdir(folder, { recursive: true }).catch((error: unknown) => {
    throw pathError(error, folder, 'ERR_CONFIG_INVALID');
  });
  // The small file first: a wrong address shows at once.
  const tokenizer = published.ability === 'classify' ? undefined : await fetched(PUBLISHED_TOKENIZER);
  const checkpoint = await fetched(published);
  return { published, checkpoint, ...(tokenizer && { tokenizer }) };
}
