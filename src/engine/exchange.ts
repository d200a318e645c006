/** A library out into files that any program reads, in from them, and a copy of its database while it is in use. */
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { SightlineError } from '../core/errors.js';
import {
  backupLibrary,
  type ExchangeManifest,
  exportLibrary,
  importLibrary,
  Library,
  readManifest,
} from '../index/mod.js';

export interface ExchangeRequest {
  readonly dataDir: string;
  /** The folder that is written or read; of a backup, the file. */
  readonly place: string;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((done: number, total: number) => void) | undefined;
}

/** @throws ERR_PATH_NOT_FOUND where there is no library, ERR_CONFIG_INVALID where the folder is in use, ERR_DISK_FULL */
export function exportTo({ dataDir, place, ...options }: ExchangeRequest): Promise<ExchangeManifest> {
  return exportLibrary(dataDir, resolve(place), options);
}

export interface Imported {
  readonly model: string;
  readonly items: number;
  /** Items that the library did not have. */
  readonly added: number;
}

/** @throws ERR_DATASET_INVALID, ERR_MODEL_MISMATCH, ERR_LIBRARY_LOCKED, ERR_DISK_FULL; what was committed stays */
export async function importFrom({ dataDir, place, ...options }: ExchangeRequest): Promise<Imported> {
  const folder = resolve(place);
  const manifest = await readManifest(folder);
  const { model: modelId, dimensions, items } = manifest;
  await using library = await Library.open({ folder: dataDir, modelId, dimensions, readOnly: false });
  const added = await importLibrary(library, folder, manifest, options);
  await library.save();
  return { model: modelId, items, added };
}

/** @throws ERR_PATH_NOT_FOUND where there is no library, ERR_CONFIG_INVALID where the file exists, ERR_DISK_FULL */
export async function backupTo({ dataDir, place, onProgress }: ExchangeRequest): Promise<void> {
  const file = resolve(place);
  if (existsSync(file)) {
    const message = `${file} exists. Name a file that does not: a backup takes no other's place.`;
    throw new SightlineError('ERR_CONFIG_INVALID', message, { details: { path: file } });
  }
  await backupLibrary(dataDir, file, onProgress);
}
