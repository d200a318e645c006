import { mkdir, open, readdir, rename, rm } from 'node:fs/promises';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { pathError, SightlineError } from '../../core/errors.js';
import { ITEM_KINDS, type Item } from '../../core/item.js';
import { Catalog } from '../catalog/catalog.js';
import { catalogFile } from '../library-folder.js';
import {
  EXCHANGE_FORMAT,
  type ExchangedItem,
  exchangePaths,
  type ExchangeManifest,
  sha256Of,
} from './exchange-format.js';
import { npyHeader } from './npy-file.js';

export interface ExportOptions {
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((done: number, total: number) => void) | undefined;
}

/** Items between two looks at the event loop. */
const BATCH = 256;

function exchanged(item: Item, catalog: Catalog): ExchangedItem {
  const shared = { id: item.id, contentHash: item.contentHash, addedAt: item.addedAt.toISOString() };
  if (item.kind === 'caption')
    return { kind: 'caption', ...shared, text: item.text, mentions: catalog.files.mentionsOf(item.id) };
  const { width, height, format, placeholder, metadata } = item;
  const files = catalog.files.of(item.id).flatMap((path) => {
    const known = catalog.files.one(path);
    return known ? [{ path, size: known.size, mtimeMs: known.mtimeMs }] : [];
  });
  return {
    kind: 'photo',
    ...shared,
    width,
    height,
    format,
    placeholder: placeholder ? Buffer.from(placeholder).toString('base64') : null,
    metadata: { ...metadata, takenAt: metadata.takenAt?.toISOString() ?? null },
    files,
  };
}

/** Writes items and vectors in step: line n belongs to row n. */
async function writeItems(
  catalog: Catalog,
  folder: string,
  dimensions: number,
  { signal, onProgress }: ExportOptions,
): Promise<number> {
  const paths = exchangePaths(folder);
  const total = ITEM_KINDS.reduce((sum, kind) => sum + catalog.embeddings.ids(kind).size, 0);
  await using items = await open(paths.items, 'w');
  await using vectors = await open(paths.vectors, 'w');
  await vectors.write(npyHeader(total, dimensions));
  let done = 0;
  let lines: string[] = [];
  let rows: Float32Array[] = [];
  const flush = async (): Promise<void> => {
    await items.write(lines.join(''));
    await vectors.write(
      Buffer.concat(
        rows.map(({ buffer, byteOffset, byteLength }) => Buffer.from(buffer, byteOffset, byteLength)),
      ),
    );
    done += lines.length;
    [lines, rows] = [[], []];
    onProgress?.(done, total);
    signal?.throwIfAborted();
    await nextTurn();
  };
  for (const kind of ITEM_KINDS) {
    for (const { id, vector } of catalog.embeddings.all(kind)) {
      const item = catalog.item(id);
      if (item === undefined) continue;
      lines.push(`${JSON.stringify(exchanged(item, catalog))}\n`);
      rows.push(vector);
      if (lines.length === BATCH) await flush();
    }
  }
  await flush();
  await items.sync();
  await vectors.sync();
  return total;
}

async function emptyFolder(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  if ((await readdir(folder)).length === 0) return;
  const message = `${folder} is not empty. Name a folder that is, or one that does not exist yet.`;
  throw new SightlineError('ERR_CONFIG_INVALID', message, { details: { folder } });
}

/**
 * Writes a library as files that any program can read. One state of it, however long that takes and whatever others write
 * meanwhile.
 * @throws ERR_PATH_NOT_FOUND where there is no library, ERR_CONFIG_INVALID where the folder is in use, ERR_DISK_FULL
 */
export async function exportLibrary(
  library: string,
  folder: string,
  options: ExportOptions = {},
): Promise<ExchangeManifest> {
  const look = new Catalog(catalogFile(library), '', true);
  const current = look.models.current();
  look.close();
  if (current === undefined) {
    const message = `The library in ${library} is empty: there is nothing to export.`;
    throw new SightlineError('ERR_PATH_NOT_FOUND', message, { details: { path: library } });
  }
  const paths = exchangePaths(folder);
  const catalog = new Catalog(catalogFile(library), current.modelId, true);
  try {
    await emptyFolder(folder);
    catalog.holdStill();
    const items = await writeItems(catalog, folder, current.dimensions, options);
    const manifest: ExchangeManifest = {
      format: EXCHANGE_FORMAT,
      model: current.modelId,
      dimensions: current.dimensions,
      items,
      exportedAt: new Date().toISOString(),
      sha256: { items: await sha256Of(paths.items), vectors: await sha256Of(paths.vectors) },
      collections: catalog.files.collections(),
    };
    const unfinished = `${paths.manifest}.unfinished`;
    await using file = await open(unfinished, 'w');
    await file.write(`${JSON.stringify(manifest, null, 2)}\n`);
    await file.sync();
    await rename(unfinished, paths.manifest);
    return manifest;
  } catch (error) {
    for (const path of Object.values(paths)) await rm(path, { force: true });
    throw pathError(error, folder, 'ERR_INTERNAL');
  } finally {
    catalog.close();
  }
}
