/** The door of the ingest room: from files to work for the encoder and rows for the library. */
export { contentHash } from './content-hash.js';
export { PhotoPipeline } from './photo-pipeline.js';
export { ingest, type IngestOptions } from './ingest.js';
export type { FailedPath, IngestProgress, IngestReport } from './progress.js';
export { PixelFolder } from './pixel-store.js';
export { ThumbnailFolder } from './thumbnail-store.js';
