import { readFile } from 'node:fs/promises';
import { SightlineError } from '../core/errors.js';
import type { Item, ItemId, Photo } from '../core/item.js';
import type { Log } from '../core/log.js';
import type { Query, SearchOptions, SearchResult } from '../core/query.js';
import { type Encoder, isOwnThumbnail } from '../encoder/mod.js';
import type { FailedFile, Library, LibraryStatistics } from '../index/mod.js';
import {
  ingest,
  type IngestReport,
  PhotoPipeline,
  type PixelFolder,
  type ThumbnailFolder,
} from '../ingest/mod.js';
import { IngestMeter, type IngestStatus } from './ingest-status.js';
import { originalBytes } from './original-file.js';
import type { Reranker } from './rerank/reranker.js';
import { search } from './search.js';

export interface EngineStatus {
  readonly model: {
    readonly name: string;
    readonly id: string;
    readonly dimensions: number;
    readonly imageSize: number;
    readonly precision: string;
    readonly rerank: { readonly default: boolean; readonly reason: string };
  };
  readonly library: LibraryStatistics;
  readonly ingest: IngestStatus;
  readonly readOnly: boolean;
}

export interface IngestRequest {
  readonly signal?: AbortSignal;
  readonly onProgress?: (status: IngestStatus) => void;
}

/** An encoded picture of a photo. */
export interface Picture {
  readonly bytes: Uint8Array;
  readonly format: string;
  /** Of the photo. */
  readonly contentHash: string;
}

export interface EngineParts {
  readonly dataDir: string;
  readonly encoder: Encoder;
  readonly library: Library;
  readonly thumbnails: ThumbnailFolder;
  readonly pixels: PixelFolder;
  readonly rerank: Reranker;
  readonly readOnly: boolean;
  readonly log: Log;
}

/** A library that can be searched and fed. Made by `openEngine`; closed by `close` or `await using`. */
export class SearchEngine implements AsyncDisposable {
  readonly #parts: EngineParts;
  readonly #pipeline: PhotoPipeline;
  readonly #meter = new IngestMeter();
  readonly #closing = new AbortController();
  /** The ingest under way; a second one waits for it. */
  #ingesting: Promise<unknown> = Promise.resolve();
  #closed: Promise<void> | undefined;
  #warm: Promise<unknown> | undefined;

  constructor(parts: EngineParts) {
    this.#parts = parts;
    const { library, encoder, thumbnails, pixels } = parts;
    this.#pipeline = new PhotoPipeline({
      library,
      encoder: encoder.dual,
      images: encoder.images,
      thumbnails,
      pixels,
    });
  }

  /**
   * Finds what a text, a picture or an item is most like.
   * @throws ERR_QUERY_EMPTY, ERR_QUERY_TOO_LONG, ERR_IMAGE_UNREADABLE, ERR_IMAGE_TOO_LARGE, ERR_ITEM_NOT_FOUND,
   * ERR_REQUEST_INVALID, ERR_ENGINE_CLOSED
   */
  async search(query: Query | string, options: SearchOptions = {}): Promise<SearchResult> {
    this.#assertOpen();
    this.#pipeline.pace.searched();
    const asked = typeof query === 'string' ? { text: query } : query;
    return search(asked, options, this.#parts);
  }

  /**
   * Reads files and folders into the library. One at a time: a second call waits for the first. When the signal fires,
   * what is under way is finished, kept, and the report says so.
   * @throws ERR_LIBRARY_READ_ONLY, ERR_PATH_NOT_FOUND, ERR_PATH_UNREADABLE, ERR_DISK_FULL, ERR_ENGINE_CLOSED
   */
  async ingest(paths: readonly string[], request: IngestRequest = {}): Promise<IngestReport> {
    this.#assertWritable();
    const run = this.#ingesting.then(() => this.#ingest(paths, request));
    this.#ingesting = run.catch(() => {});
    return run;
  }

  /** @throws ERR_ITEM_NOT_FOUND */
  item(id: ItemId): Item {
    this.#assertOpen();
    const item = this.#parts.library.item(id);
    if (item) return item;
    const message = `There is no item ${id} in the library. It may have been removed; search again.`;
    throw new SightlineError('ERR_ITEM_NOT_FOUND', message, { details: { id } });
  }

  /**
   * The preview of a photo: the stored one, the photo itself where it is small, or one made again from the original.
   * @throws ERR_ITEM_NOT_FOUND, ERR_FILE_GONE, ERR_FILE_CHANGED
   */
  async thumbnail(id: ItemId): Promise<Picture> {
    const photo = this.#photo(id);
    const { thumbnails, encoder, readOnly } = this.#parts;
    const { contentHash } = photo;
    const stored = await readFile(thumbnails.path(contentHash)).catch(() => undefined);
    if (stored) return { bytes: stored, format: 'jpeg', contentHash };
    const bytes = await originalBytes(photo);
    if (isOwnThumbnail(photo.width, photo.height, photo.format)) {
      return { bytes, format: photo.format, contentHash };
    }
    const { thumbnail } = await encoder.images.read(bytes, { thumbnail: true });
    if (thumbnail === undefined) throw new TypeError('Expected the image reader to make a preview.');
    if (!readOnly) await thumbnails.write(contentHash, thumbnail);
    return { bytes: thumbnail, format: 'jpeg', contentHash };
  }

  /** Loads what a first text query needs, so that it does not have to wait for it. */
  async warmUp(): Promise<void> {
    this.#assertOpen();
    const { encoder, rerank } = this.#parts;
    this.#warm ??= encoder.dual.embedTexts(['a photo']).catch((error: unknown) => {
      this.#warm = undefined;
      throw error;
    });
    await this.#warm;
    // Not waited for: an answer without it is an answer, too.
    if (rerank.isDefault) rerank.warmUp().catch(() => {});
  }

  /** Forgets every file at or below a path, without touching the files. */
  forget(path: string): void {
    this.#assertWritable();
    const { library } = this.#parts;
    library.forget([...library.files.under(path)]);
    // In turn with ingests: pixels lie on disk before their photo has its row.
    this.#ingesting = this.#ingesting.then(() => this.#sweep()).catch(() => {});
  }

  /**
   * The photo and the bytes that were ingested, read from its file and checked: a path whose content was exchanged
   * is refused.
   * @throws ERR_ITEM_NOT_FOUND, ERR_FILE_GONE, ERR_FILE_CHANGED
   */
  async original(id: ItemId): Promise<{ photo: Photo; bytes: Uint8Array }> {
    const photo = this.#photo(id);
    return { photo, bytes: await originalBytes(photo) };
  }

  failures(limit = 1000): FailedFile[] {
    this.#assertOpen();
    return this.#parts.library.failures(limit);
  }

  status(): EngineStatus {
    this.#assertOpen();
    const { name, id, dimensions, imageSize, precision, rerank } = this.#parts.encoder.bundle.manifest;
    return {
      model: { name, id, dimensions, imageSize, precision, rerank },
      library: this.#parts.library.statistics(),
      ingest: this.#meter.status,
      readOnly: this.#parts.readOnly,
    };
  }

  /** Ends the ingest under way after its batch, writes the indexes and lets go of everything. May be called twice. */
  close(): Promise<void> {
    this.#closed ??= this.#close();
    return this.#closed;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  async #close(): Promise<void> {
    this.#closing.abort();
    await this.#ingesting;
    await this.#parts.library.close();
    await this.#parts.encoder.close();
  }

  async #ingest(paths: readonly string[], { signal, onProgress }: IngestRequest): Promise<IngestReport> {
    const { library, encoder, thumbnails, pixels, dataDir, log } = this.#parts;
    const stop = signal ? AbortSignal.any([signal, this.#closing.signal]) : this.#closing.signal;
    this.#meter.start();
    try {
      const images = encoder.images;
      const ports = { library, encoder: encoder.dual, images, thumbnails, pixels, pipeline: this.#pipeline };
      const report = await ingest(paths, ports, {
        exclude: [dataDir],
        signal: stop,
        onProgress: (progress) => {
          const status = this.#meter.update(progress);
          onProgress?.(status);
        },
      });
      if (report.removed > 0) await this.#sweep();
      await library.save();
      const { failed, ...counts } = report;
      log.info({ paths, ...counts, failed: failed.length }, 'ingested');
      for (const failure of failed) log.warn(failure, 'could not be ingested');
      return report;
    } finally {
      this.#meter.stop();
    }
  }

  /** Lets go of the pixels and previews of photos that no path leads to any more. */
  async #sweep(): Promise<void> {
    const { library, pixels, thumbnails } = this.#parts;
    const isKept = (hash: string): boolean => library.has('photo', hash) || this.#pipeline.holds(hash);
    await pixels.sweep(isKept);
    await thumbnails.sweep(isKept);
  }

  #photo(id: ItemId): Photo {
    const item = this.item(id);
    if (item.kind === 'photo') return item;
    const message = `Item ${id} is a caption and has no picture. Ask for the picture of a photo.`;
    throw new SightlineError('ERR_ITEM_NOT_FOUND', message, { details: { id } });
  }

  #assertWritable(): void {
    this.#assertOpen();
    if (!this.#parts.readOnly) return;
    const message = 'The library is open for reading only, so it cannot be changed. Open it for writing.';
    throw new SightlineError('ERR_LIBRARY_READ_ONLY', message);
  }

  #assertOpen(): void {
    if (this.#closed === undefined) return;
    throw new SightlineError('ERR_ENGINE_CLOSED', 'The engine is closed. Open another one with openEngine.');
  }
}
