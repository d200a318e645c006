/** The one place where the rooms meet. */
import { join, resolve } from 'node:path';
import { type Log, silentLog } from '../core/log.js';
import type { ProviderChoice } from '../core/provider.js';
import type { Encoder } from '../encoder/mod.js';
import { type HnswParameters, Library } from '../index/mod.js';
import { PixelFolder, ThumbnailFolder, type WatchTiming } from '../ingest/mod.js';
import { finishModelChange } from './model-preparation.js';
import { Background } from './confidence.js';
import { LibrarySurvey } from './library-survey.js';
import { openEncoder } from './models.js';
import { PhotoExplainer } from './explain/photo-explainer.js';
import { PhotoPixels } from './rerank/photo-pixels.js';
import { Reranker } from './rerank/reranker.js';
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

/** Photos as another model than the library's reads them. */
function photosFor({ images, bundle }: Encoder, dataDir: string, readOnly: boolean): PhotoPixels {
  const pixels = new PixelFolder(join(dataDir, 'pixels'), bundle.manifest.imageSize);
  return new PhotoPixels({ pixels, images, readOnly });
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
  let reader = encoder;
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
    const thumbnails = new ThumbnailFolder(join(dataDir, 'thumbnails'));
    const pixels = new PixelFolder(join(dataDir, 'pixels'), encoder.dual.imageSize);
    const photos = new PhotoPixels({ pixels, images: encoder.images, readOnly });
    const rerank = new Reranker({
      reader,
      items: library.items,
      photos: reader === encoder ? photos : photosFor(reader, dataDir, readOnly),
    });
    const explainer = new PhotoExplainer(encoder, photos);
    const background = new Background(library);
    const folders = { dataDir, thumbnails, pixels };
    const { watchTiming } = options;
    const survey = new LibrarySurvey({ library, photos, imageSize: encoder.dual.imageSize });
    return new SearchEngine({
      ...folders,
      encoder,
      reader,
      library,
      rerank,
      background,
      survey,
      explainer,
      recent: readOnly ? undefined : new RecentQueries(library),
      readOnly,
      log,
      watchTiming,
    });
  } catch (error) {
    await reader.close();
    await encoder.close();
    throw error;
  }
}
