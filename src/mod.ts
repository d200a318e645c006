/** Sightline as a library. */
export { type ErrorCode, SightlineError } from './core/errors.js';
export type { Caption, Item, ItemId, ItemKind, Photo } from './core/item.js';
export type { Log } from './core/log.js';
export type { Filter } from './core/filter.js';
export type { Hit, Query, QueryPart, SearchOptions, SearchResult, SearchTiming } from './core/query.js';
export {
  type EngineOptions,
  type EngineStatus,
  type FailedFile,
  type IngestReport,
  type IngestRequest,
  type IngestStatus,
  openEngine,
  type SearchEngine,
} from './engine/mod.js';
