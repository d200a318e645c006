/** The door of the index room: rows and the vectors that follow them. */
export type { FailedFile } from './catalog/file-rows.js';
export type { HnswParameters } from './hnsw-index.js';
export { Library, type LibraryOptions, type LibraryStatistics } from './library.js';
