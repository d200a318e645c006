import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { pathError, SightlineError } from '../../core/errors.js';
import type { LibraryChange } from '../../core/ports.js';
import type { Library } from '../library.js';
import {
  type ExchangedItem,
  exchangedItemSchema,
  type ExchangeManifest,
  exchangeManifestSchema,
  exchangePaths,
  sha256Of,
} from './exchange-format.js';
import { NpyFile } from './npy-file.js';

export interface ImportOptions {
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((done: number, total: number) => void) | undefined;
}

/** Items that become durable together: fewer, and the same pages of the catalog's indexes are written again and again. */
const BATCH = 1024;

function invalid(path: string, reason: string, cause?: unknown): SightlineError {
  const message = `${path} is not what \`sightline export\` writes: ${reason}. Export the library again.`;
  return new SightlineError('ERR_DATASET_INVALID', message, { cause, details: { path } });
}

/** What an exported folder says it holds, its files compared with their checksums. @throws ERR_DATASET_INVALID */
export async function readManifest(folder: string): Promise<ExchangeManifest> {
  const paths = exchangePaths(folder);
  let manifest: ExchangeManifest;
  try {
    manifest = exchangeManifestSchema.parse(JSON.parse(await readFile(paths.manifest, 'utf8')));
  } catch (error) {
    throw invalid(paths.manifest, 'it is missing or holds something else', error);
  }
  for (const name of ['items', 'vectors'] as const) {
    const found = await sha256Of(paths[name]).catch((error: unknown) => {
      throw pathError(error, paths[name], 'ERR_DATASET_INVALID');
    });
    if (found !== manifest.sha256[name]) throw invalid(paths[name], 'its content has changed since');
  }
  return manifest;
}

function changesOf(item: ExchangedItem, embedding: Float32Array): LibraryChange[] {
  const { contentHash } = item;
  const addedAt = new Date(item.addedAt);
  if (item.kind === 'caption') {
    return item.mentions.map(({ path, line, image }) => ({
      type: 'captions',
      path,
      lines: [{ line, text: item.text, contentHash, image, embedding, addedAt }],
    }));
  }
  const { width, height, format, placeholder } = item;
  const takenAt = item.metadata.takenAt === null ? null : new Date(item.metadata.takenAt);
  const photo = {
    width,
    height,
    format,
    embedding,
    addedAt,
    metadata: { ...item.metadata, takenAt },
    ...(placeholder !== null && { placeholder: Buffer.from(placeholder, 'base64') }),
  };
  return item.files.map((file) => ({ type: 'photo', file, contentHash, photo }));
}

function parsed(line: string, at: number, path: string): ExchangedItem {
  try {
    return exchangedItemSchema.parse(JSON.parse(line));
  } catch (error) {
    throw invalid(path, `line ${at + 1} cannot be read`, error);
  }
}

/**
 * Brings the items of an exported folder into a library of the same model; what it has already stays as it is.
 * @returns how many items are new
 * @throws ERR_DATASET_INVALID, ERR_MODEL_MISMATCH, ERR_DISK_FULL; batches that were committed stay
 */
export async function importLibrary(
  library: Library,
  folder: string,
  manifest: ExchangeManifest,
  { signal, onProgress }: ImportOptions = {},
): Promise<number> {
  const paths = exchangePaths(folder);
  await using vectors = await NpyFile.open(paths.vectors);
  if (vectors.rows !== manifest.items || vectors.columns !== manifest.dimensions)
    throw invalid(paths.vectors, `expected ${manifest.items} rows of ${manifest.dimensions} numbers`);
  let [done, added] = [0, 0];
  let batch: ExchangedItem[] = [];
  const flush = async (): Promise<void> => {
    const rows = await vectors.read(done, batch.length);
    added += library.commit(batch.flatMap((item, row) => changesOf(item, rows[row] as Float32Array)));
    done += batch.length;
    batch = [];
    onProgress?.(done, manifest.items);
    signal?.throwIfAborted();
    await nextTurn();
  };
  for await (const line of createInterface({ input: createReadStream(paths.items), crlfDelay: Infinity })) {
    batch.push(parsed(line, done + batch.length, paths.items));
    if (batch.length === BATCH) await flush();
  }
  await flush();
  if (done !== manifest.items)
    throw invalid(paths.items, `expected ${manifest.items} lines but it has ${done}`);
  library.commit(
    manifest.collections.map(({ lines, ...file }) => ({ type: 'collection-read', file, lines })),
  );
  return added;
}
