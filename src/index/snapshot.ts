/**
 * The vector graph on disk: a cache of the catalog, which may be deleted at any time. A small JSON beside it says which
 * state of the catalog it shows, which ids in it are live, and the checksums of both; it is written last and renamed into
 * place, so that it never speaks of a file that is not whole. Each model has a folder of its own.
 */
import { createHash } from 'node:crypto';
import { mkdir, open, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { z } from 'zod';
import { pathError, SightlineError } from '../core/errors.js';
import { IdSet } from '../core/id-set.js';
import type { ItemKind } from '../core/item.js';
import { type HnswParameters, HnswIndex } from './hnsw-index.js';

const FORMAT = 2;

interface SnapshotHeader {
  readonly format: typeof FORMAT;
  readonly model: string;
  readonly dimensions: number;
  readonly M: number;
  readonly efConstruction: number;
  readonly generation: number;
  readonly file: string;
  readonly bytes: number;
  readonly crc32: number;
  /** A bitmap (`IdSet`) in base64. */
  readonly live: string;
}

const headerSchema: z.ZodType<SnapshotHeader> = z.strictObject({
  format: z.literal(FORMAT),
  model: z.string(),
  dimensions: z.int().positive(),
  M: z.int().positive(),
  efConstruction: z.int().positive(),
  generation: z.int().nonnegative(),
  file: z.string().regex(/^[a-z]+-\d+-[0-9a-f]{8}\.hnsw$/),
  bytes: z.int().positive(),
  crc32: z.int().nonnegative(),
  live: z.base64(),
});

/** The header as it stands in its file: JSON in a string, so that its checksum is of these very bytes. */
const sealedSchema: z.ZodType<{ header: string; crc32: number }> = z.strictObject({
  header: z.string(),
  crc32: z.int().nonnegative(),
});

export interface Snapshot {
  readonly index: HnswIndex;
  /** The generation of the catalog that the index shows. */
  readonly generation: number;
}

/** Plain data: it is handed to the thread that builds. */
export interface SnapshotPlace {
  readonly folder: string;
  readonly kind: ItemKind;
  readonly model: string;
  readonly dimensions: number;
  readonly parameters: HnswParameters;
}

/** Bytes that are read at once for a checksum: few pauses, and none that anybody notices. */
const CHUNK = 1024 ** 2;
const MODEL_DIGITS = 12;

/** The folder of a model's graphs below `vectors`: model ids may hold anything, so it is named by their hash. */
export function vectorFolder(vectors: string, model: string): string {
  return join(vectors, createHash('sha256').update(model).digest('hex').slice(0, MODEL_DIGITS));
}

const headerPath = ({ folder, kind }: SnapshotPlace): string => join(folder, `${kind}.json`);

/** Through one buffer: a stream would leave as much garbage as the file is large. */
async function checksum(path: string): Promise<number> {
  await using handle = await open(path, 'r');
  const buffer = Buffer.allocUnsafe(CHUNK);
  let value = 0;
  for (;;) {
    const { bytesRead } = await handle.read(buffer, 0, CHUNK);
    if (bytesRead === 0) return value;
    value = crc32(buffer.subarray(0, bytesRead), value);
  }
}

function unseal(text: string): SnapshotHeader | undefined {
  const { header, crc32: expected } = sealedSchema.parse(JSON.parse(text));
  return crc32(header) === expected ? headerSchema.parse(JSON.parse(header)) : undefined;
}

/** The snapshot, or undefined where there is none that fits and is whole: then the graph is built from the rows. */
export async function readSnapshot(place: SnapshotPlace): Promise<Snapshot | undefined> {
  try {
    const header = unseal(await readFile(headerPath(place), 'utf8'));
    const { M, efConstruction } = place.parameters;
    const fits =
      header?.model === place.model &&
      header.dimensions === place.dimensions &&
      header.M === M &&
      header.efConstruction === efConstruction;
    if (!fits) return undefined;
    const file = join(place.folder, header.file);
    if ((await stat(file)).size !== header.bytes || (await checksum(file)) !== header.crc32) return undefined;
    const live = IdSet.fromBytes(Buffer.from(header.live, 'base64'));
    const index = await HnswIndex.read(file, place.dimensions, live, place.parameters);
    return { index, generation: header.generation };
  } catch {
    return undefined;
  }
}

async function flush(path: string): Promise<void> {
  const handle = await open(path, 'r+');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/**
 * @param generation the state of the catalog that the index shows; 0 where it shows none exactly, and must be compared
 * @throws ERR_DISK_FULL, ERR_LIBRARY_READ_ONLY; what was there before is then left as it was
 */
export async function writeSnapshot(
  place: SnapshotPlace,
  index: HnswIndex,
  generation: number,
): Promise<void> {
  const temporary = join(place.folder, `${place.kind}-${generation}.unfinished`);
  const unfinishedHeader = `${headerPath(place)}.unfinished`;
  try {
    // The ids are taken before the write begins, in the same turn: both show one state.
    const live = Buffer.from(index.ids().toBytes()).toString('base64');
    await mkdir(place.folder, { recursive: true });
    await writeGraph(index, temporary);
    const crc = await checksum(temporary);
    const name = `${place.kind}-${generation}-${crc.toString(16).padStart(8, '0')}.hnsw`;
    const header = JSON.stringify({
      format: FORMAT,
      model: place.model,
      dimensions: place.dimensions,
      M: place.parameters.M,
      efConstruction: place.parameters.efConstruction,
      generation,
      file: name,
      bytes: (await stat(temporary)).size,
      crc32: crc,
      live,
    } satisfies SnapshotHeader);
    await rename(temporary, join(place.folder, name));
    await writeFile(unfinishedHeader, JSON.stringify({ header, crc32: crc32(header) }), { flush: true });
    await rename(unfinishedHeader, headerPath(place));
    await removeOthers(place, name);
  } catch (error) {
    await rm(temporary, { force: true });
    await rm(unfinishedHeader, { force: true });
    throw pathError(error, place.folder, 'ERR_INTERNAL');
  }
}

async function writeGraph(index: HnswIndex, path: string): Promise<void> {
  await index.write(path);
  // The addon does not notice when the disk fills up.
  if (!(await HnswIndex.isWhole(path))) {
    const message = `${path} could not be written to its end: the disk is full. Free some room; the vector index is built again from the rows.`;
    throw new SightlineError('ERR_DISK_FULL', message, { details: { path } });
  }
  await flush(path);
}

async function removeOthers({ folder, kind }: SnapshotPlace, kept: string): Promise<void> {
  for (const name of await readdir(folder)) {
    if (name.startsWith(`${kind}-`) && name !== kept) await rm(join(folder, name), { force: true });
  }
}
