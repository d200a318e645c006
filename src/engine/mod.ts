/** The door of the engine: everything that a program or a command may ask of a library. */
export { type FailedFile } from '../index/mod.js';
export { type FailedPath, type IngestReport } from '../ingest/mod.js';
export { type IngestStatus } from './ingest-status.js';
export { type EngineOptions, openEngine } from './open-engine.js';
export { MAX_QUERY_CHARACTERS } from './query-embedding.js';
export { DEFAULT_LIMIT, MAX_LIMIT, MAX_OFFSET } from './search.js';
export { type EngineStatus, type IngestRequest, SearchEngine } from './search-engine.js';
