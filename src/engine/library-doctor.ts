/** What can be wrong with a library, and what mends it. The rows are the truth: everything else is made from them. */
import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { ItemKind } from '../core/item.js';
import { Library } from '../index/mod.js';
import { ThumbnailFolder } from '../ingest/mod.js';
import type { Finding } from './doctor.js';
import { examineWatched } from './intake-doctor.js';

export interface LibraryDoctorOptions {
  readonly dataDir: string;
  readonly modelId: string;
  readonly dimensions: number;
}

export interface RepairOptions extends LibraryDoctorOptions {
  readonly onRebuild?: ((kind: ItemKind, done: number, total: number) => void) | undefined;
}

const THUMBNAILS = 'thumbnails';

const found = (check: string, wrong: string | false, right: string): Finding => ({
  check,
  verdict: wrong === false ? 'ok' : 'problem',
  detail: wrong === false ? right : wrong,
});

/** Previews of photos that no path leads to any more. */
async function orphanedPreviews(library: Library, dataDir: string): Promise<number> {
  const folder = join(dataDir, THUMBNAILS);
  const files = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  return files.filter(
    (file) => file.isFile() && !library.has('photo', file.name.slice(0, file.name.indexOf('.'))),
  ).length;
}

async function examined(library: Library, dataDir: string): Promise<Finding[]> {
  const { items, failed, generation } = library.statistics();
  const { problems, unembedded, strays, drift } = library.examine();
  const missing = drift.photo.missing + drift.caption.missing;
  const surplus = drift.photo.surplus + drift.caption.surplus;
  const orphans = await orphanedPreviews(library, dataDir);
  const pending = library.pendingModel;
  return [
    found(
      'catalog',
      problems.length > 0 && problems.join('; '),
      `${items.photo} photos, ${items.caption} captions, generation ${generation}`,
    ),
    found(
      'embeddings',
      unembedded > 0 &&
        `${unembedded} items have none for this model: sightline doctor --repair, then ingest again`,
      'every item has one',
    ),
    {
      check: 'models',
      verdict: strays || pending ? 'note' : 'ok',
      detail: pending
        ? `the library is changing to ${pending.name}: sightline models use ${pending.name} goes on, --abort gives up`
        : strays
          ? 'vectors of a model that was given up are left: the next writer removes them'
          : 'no vectors but those in use and those for the way back',
    },
    found(
      'vector index',
      missing + surplus > 0 && `${missing} vectors missing, ${surplus} too many: sightline doctor --repair`,
      'agrees with the rows',
    ),
    {
      check: 'previews',
      verdict: orphans > 0 ? 'note' : 'ok',
      detail:
        orphans > 0 ? `${orphans} belong to no photo: sightline doctor --repair` : 'each belongs to a photo',
    },
    await examineWatched(library.watched.all()),
    {
      check: 'failures',
      verdict: failed > 0 ? 'note' : 'ok',
      detail: failed > 0 ? `${failed} files could not be ingested: sightline failures` : 'none',
    },
  ];
}

/** Looks, and changes nothing. */
export async function examineLibrary({ dataDir, ...options }: LibraryDoctorOptions): Promise<Finding[]> {
  if (!Library.exists(dataDir)) {
    const detail = `there is none at ${dataDir} yet: sightline ingest FOLDER`;
    return [{ check: 'library', verdict: 'note', detail }];
  }
  await using library = await Library.open({ folder: dataDir, ...options, readOnly: true });
  return await examined(library, dataDir);
}

/**
 * Mends what can be mended: kept numbers are counted again, graphs built again where they disagree, previews without a
 * photo removed, files of items without an embedding marked for the next ingest, room given back.
 * @throws ERR_LIBRARY_LOCKED, ERR_DATABASE_DAMAGED, ERR_DISK_FULL
 */
export async function repairLibrary({ dataDir, onRebuild, ...options }: RepairOptions): Promise<string[]> {
  const open = (): Promise<Library> =>
    Library.open({ folder: dataDir, ...options, readOnly: false, onRebuild });
  const done: string[] = [];
  {
    await using library = await open();
    done.push(...library.repair());
    const { drift } = library.examine();
    const wrong = (['photo', 'caption'] as const).some(
      (kind) => drift[kind].missing + drift[kind].surplus > 0,
    );
    const previews = await new ThumbnailFolder(join(dataDir, THUMBNAILS)).sweep((hash) =>
      library.has('photo', hash),
    );
    if (previews > 0) done.push(`${previews} previews without a photo were removed`);
    if (!wrong) {
      await library.save();
      return done;
    }
  }
  // The graph is only a cache of the rows: without it, it is built from them.
  await rm(join(dataDir, 'vectors'), { recursive: true, force: true });
  await using library = await open();
  await library.save();
  return [...done, 'the vector index was built again from the rows'];
}
