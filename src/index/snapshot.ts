/**
 * The vector graph on disk: a cache of the catalog, which may be deleted at any time. A small JSON beside it says which
 * state of the catalog it shows and what its checksum is; it is written last and renamed into place, so that it never
 * speaks of a file that is not whole.
 */
import { createReadStream } from 'node:fs';
import { mkdir, open, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { z } from 'zod';
import { IdSet } from '../core/id-set.js';
import type { ItemKind } from '../core/item.js';
import { type HnswParameters, HnswIndex } from './hnsw-index.js';

interface SnapshotHeader {
  readonly format: 1;
  readonly model: string;
  readonly dimensions: number;
  readonly M: number;
  readonly efConstruction: number;
  readonly generation: number;
  readonly file: string;
  readonly bytes: number;
  readonly crc32: number;
  readonly ids: readonly number[];
}

const headerSchema: z.ZodType<SnapshotHeader> = z.strictObject({
  format: z.literal(1),
  model: z.string(),
  dimensions: z.int().positive(),
  M: z.int().positive(),
  efConstruction: z.int().positive(),
  generation: z.int().nonnegative(),
  file: z.string().regex(/^[a-z]+-\d+\.hnsw$/),
  bytes: z.int().positive(),
  crc32: z.int().nonnegative(),
  ids: z.array(z.int().nonnegative()),
});

export interface Snapshot {
  readonly index: HnswIndex;
  /** The generation of the catalog that the index shows. */
  readonly generation: number;
}

export interface SnapshotPlace {
  readonly folder: string;
  readonly kind: ItemKind;
  readonly model: string;
  readonly dimensions: number;
  readonly parameters: HnswParameters;
}

const headerPath = ({ folder, kind }: SnapshotPlace): string => join(folder, `${kind}.json`);

async function checksum(path: string): Promise<number> {
  let value = 0;
  for await (const chunk of createReadStream(path)) value = crc32(chunk as Buffer, value);
  return value;
}

/** The snapshot, or undefined where there is none that fits and is whole: then the graph is built from the rows. */
export async function readSnapshot(place: SnapshotPlace): Promise<Snapshot | undefined> {
  try {
    const header = headerSchema.parse(JSON.parse(await readFile(headerPath(place), 'utf8')));
    const { M, efConstruction } = place.parameters;
    const fits =
      header.model === place.model &&
      header.dimensions === place.dimensions &&
      header.M === M &&
      header.efConstruction === efConstruction;
    const file = join(place.folder, header.file);
    if (!fits || (await stat(file)).size !== header.bytes || (await checksum(file)) !== header.crc32)
      return undefined;
    const live = IdSet.of(header.ids);
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

export async function writeSnapshot(
  place: SnapshotPlace,
  index: HnswIndex,
  generation: number,
): Promise<void> {
  await mkdir(place.folder, { recursive: true });
  const name = `${place.kind}-${generation}.hnsw`;
  const file = join(place.folder, name);
  const temporary = `${file}.unfinished`;
  // The ids are taken before the write begins, in the same turn: both show one state.
  const ids = [...index.ids()];
  await index.write(temporary);
  await flush(temporary);
  const header: SnapshotHeader = {
    format: 1,
    model: place.model,
    dimensions: place.dimensions,
    M: place.parameters.M,
    efConstruction: place.parameters.efConstruction,
    generation,
    file: name,
    bytes: (await stat(temporary)).size,
    crc32: await checksum(temporary),
    ids,
  };
  await rename(temporary, file);
  const unfinishedHeader = `${headerPath(place)}.unfinished`;
  await writeFile(unfinishedHeader, JSON.stringify(header), { flush: true });
  await rename(unfinishedHeader, headerPath(place));
  await removeOlder(place, name);
}

async function removeOlder({ folder, kind }: SnapshotPlace, kept: string): Promise<void> {
  for (const name of await readdir(folder)) {
    if (name.startsWith(`${kind}-`) && name !== kept) await rm(join(folder, name), { force: true });
  }
}
