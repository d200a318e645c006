/** The door of the ingest room: from files to work for the encoder and rows for the library. */
export { frameAt, isVideoReadable } from './video/ffmpeg.js';
export { contentHash } from './content-hash.js';
export { PhotoPipeline } from './photo-pipeline.js';
export { ingest } from './ingest.js';
export type { IngestOptions, IngestPorts } from './ingest-options.js';
export type { FailedPath, IngestProgress, IngestReport } from './progress.js';
export { lowerPoolPriority } from './pool-priority.js';
export { PixelFolder } from './pixel-store.js';
export { ThumbnailFolder } from './thumbnail-store.js';
export { USUAL_TIMING, Watching, type WatchTiming } from './watch/watching.js';
export type { WatchedState } from './watch/watched-root.js';
