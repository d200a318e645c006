/** What lies in a library's folder, and looks at it that need no model. */
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { pathError, SightlineError } from '../core/errors.js';
import { Catalog } from './catalog/catalog.js';
import type { CurrentModel, PendingModel } from './catalog/model-table.js';

const CATALOG_FILE = 'catalog.sqlite';
const VECTORS_FOLDER = 'vectors';

export const catalogFile = (folder: string): string => join(folder, CATALOG_FILE);

/** Where the graphs of all models lie. */
export const vectorsIn = (folder: string): string => join(folder, VECTORS_FOLDER);

export const hasLibrary = (folder: string): boolean => existsSync(catalogFile(folder));

/**
 * Ids of the models that a library cannot do without; none where it is empty or not there.
 * @throws ERR_DATABASE_NEWER, ERR_DATABASE_DAMAGED
 */
export const neededModels = (folder: string): string[] => look(folder, ({ models }) => models.needed()) ?? [];

/** The model that queries use; undefined where the library is empty or not there. */
export const currentModel = (folder: string): CurrentModel | undefined =>
  look(folder, ({ models }) => models.current());

/** The model that a library is changing to, where it is. */
export const pendingModel = (folder: string): PendingModel | undefined =>
  look(folder, ({ models }) => models.pending());

/** A look at a library; undefined where there is none. */
function look<T>(folder: string, at: (catalog: Catalog) => T): T | undefined {
  if (!hasLibrary(folder)) return undefined;
  // No embedding is read, so no model is meant.
  const catalog = new Catalog(catalogFile(folder), '', true);
  try {
    return at(catalog);
  } finally {
    catalog.close();
  }
}

export function makeFolder(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true });
  } catch (error) {
    throw pathError(error, folder, 'ERR_CONFIG_INVALID');
  }
}

/** Vectors of two models are never compared: a library that uses another model's is refused. */
export function checkModel({ models }: Catalog, modelId: string, folder: string): void {
  const own = models.current()?.modelId;
  if (own === undefined || own === modelId) return;
  const message = `The library ${folder} was embedded with ${own}, not with ${modelId}. Open it with that model (--model), change it with \`sightline models use\`, or ingest into another --data-dir.`;
  throw new SightlineError('ERR_MODEL_MISMATCH', message, { details: { library: own, model: modelId } });
}

/**
 * A copy of the whole catalog, consistent, while others read and write.
 * @throws ERR_PATH_NOT_FOUND where there is no library, ERR_DISK_FULL
 */
export async function backupLibrary(
  folder: string,
  file: string,
  onProgress?: (done: number, total: number) => void,
): Promise<void> {
  const catalog = new Catalog(catalogFile(folder), '', true);
  try {
    await catalog.backup(file, onProgress);
  } finally {
    catalog.close();
  }
}
