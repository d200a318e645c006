/** The one place where the rooms meet. */
import { join, resolve } from 'node:path';
import { type Log, silentLog } from '../core/log.js';
import type { ProviderChoice } from '../core/provider.js';
import type { Encoder } from '../encoder/mod.js';
import { type HnswParameters, Library } from '../index/mod.js';
import { ThumbnailFolder, type WatchTiming } from '../ingest/mod.js';
import { finishModelChange } from './live-change.js';
import { LiveModel, modelParts } from './model-parts.js';
import { openEncoder } from './models.js';
import { RecentQueries } from './recent-queries.js';
import { SearchEngine } from './search-engine.js';

export interface EngineOptions {
  /** The library's folder; made where there is none, unless it is opened for reading only. */
  readonly dataDir: string;
  /** The embedded model, the name of an imported one, or the folder of a bundle. Default: the library's choice, or embedded. */
  readonly model?: string | undefined;
  /** Another model that reads what the first one found, named in the same way. Default: the model itself. */
  readonly rerankModel?: string | undefined;
  /** Search only: needs no lock, works beside a process that writes. Default false. */
  readonly readOnly?: boolean;
  /** Cores that encoding may use. Default: all that the process has. */
  readonly threads?: number | undefined;
  /** Minutes after which a model that nobody uses leaves memory, to come back by itself; 0: never. Default: 15. */
  readonly idleMinutes?: number | undefined;
  /** What encoding runs on. Default: auto, the fastest that calculates as the CPU does; measured once for a library. */
  readonly provider?: ProviderChoice | undefined;
  /** Reads SVG drawings, too. Default false. */
  readonly svg?: boolean | undefined;
  readonly hnsw?: Partial<HnswParameters>;
  /** How long files settle, what is gone is kept, and how often watched folders are looked through. */
  readonly watchTiming?: Partial<WatchTiming>;
  readonly log?: Log;
}

/**
 * Opens a library with a model.
 * @throws ERR_MODEL_MISSING, ERR_MODEL_INVALID, ERR_MODEL_MISMATCH, ERR_LIBRARY_LOCKED, ERR_DATABASE_NEWER,
 * ERR_DATABASE_DAMAGED, ERR_PROVIDER_UNAVAILABLE, ERR_PATH_NOT_FOUND where a reader finds no library
 */
export async function openEngine(options: EngineOptions): Promise<SearchEngine> {
  const { model, readOnly = false, threads, idleMinutes, provider, svg, hnsw, log = silentLog } = options;
  const dataDir = resolve(options.dataDir);
  if (!readOnly && model === undefined) await finishModelChange(dataDir, log);
  const how = {
    dataDir,
    threads,
    idleMinutes,
    provider,
    drawings: svg,
    // Who only reads does not write what was measured either, and would measure every time.
    measureProviders: !readOnly,
  };
  const encoder = await openEncoder({ model, ...how });
  let reader: Encoder | undefined;
  try {
    if (options.rerankModel !== undefined) reader = await openEncoder({ model: options.rerankModel, ...how });
    const { modelId, dimensions } = encoder.dual;
    const library = await Library.open({
      folder: dataDir,
      modelId,
      dimensions,
      readOnly,
      ...(hnsw && { hnsw }),
      onRebuild: (kind, done, total) =>
        log.info({ kind, done, total }, 'building the vector index from the rows'),
    });
    return new SearchEngine({
      dataDir,
      model: new LiveModel(modelParts(encoder, reader, { dataDir, library, readOnly })),
      ownReader: reader,
      running: how,
      library,
      thumbnails: new ThumbnailFolder(join(dataDir, 'thumbnails')),
      recent: readOnly ? undefined : new RecentQueries(library),
      readOnly,
      log,
      watchTiming: options.watchTiming,
    });
  } catch (error) {
    await reader?.close();
    await encoder.close();
    throw error;
  }
}
