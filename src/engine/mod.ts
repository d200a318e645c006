/** The door of the engine: everything that a program or a command may ask of a library or a model. */
export {
  importCheckpoint,
  type ImportOptions,
  type Manifest,
  PRECISIONS,
  type Precision,
  PUBLISHED_ADDRESS,
  PUBLISHED_CHECKPOINTS,
  type PublishedCheckpoint,
  requireFreePlace,
  scorersOf,
} from '../encoder/mod.js';
export type { FailedFile, LibraryStatistics, RecallAudit } from '../index/mod.js';
export type { FailedPath, IngestReport, WatchedState, WatchTiming } from '../ingest/mod.js';
export { type ApiKey, KeyRing, type Scope, SCOPES } from './api-keys.js';
export { describeFiles, type Description } from './describe.js';
export { type DoctorOptions, examine, type Finding } from './doctor.js';
export { embed, type Embedded, type EmbedInput, type NamedInput } from './embed.js';
export { backupTo, type ExchangeRequest, exportTo, type Imported, importFrom } from './exchange.js';
export { evaluate, type EvaluateOptions, type Evaluation, type ScorerEvaluation } from './evaluate.js';
export { explainFile, type ExplainFileOptions } from './explain/explain-file.js';
export { type Explanation, heatOf } from './explain/explanation.js';
export { type Explainable, EXPLAINABLE } from './explain/judge.js';
export type { ExplainOptions } from './explain/photo-explainer.js';
export type { IngestStatus } from './ingest-status.js';
export { absolutePath, notWatched, watchedPaths } from './watched-paths.js';
export type { IngestRequest, Intake } from './intake.js';
export {
  abandonModelChange,
  type ModelChoice,
  type RemovedModel,
  removeModel,
  type UsedModel,
  renewModel,
  useModel,
} from './model-care.js';
export { CHANGE_PHASES, type LiveChange, type ModelChangeState } from './live-change.js';
export type { ModelChangeProgress, ModelChangeReport, ModelChangeRequest } from './model-change.js';
export { type PulledCheckpoint, type PulledFile, pullCheckpoint } from './checkpoint-pull.js';
export { type ModelReport, verifyModel } from './model-verification.js';
export { EMBEDDED_NAME, type InstalledModel, installedModels, modelsFolder, openModel } from './models.js';
export { type EngineOptions, openEngine } from './open-engine.js';
export { MAX_QUERY_CHARACTERS } from './query-embedding.js';
export type { Audit, AttributeAudit } from './quality/audit.js';
export { type DriftEvaluation, evaluateDrift } from './quality/drift.js';
export { evaluateProbes, type ProbeEvaluation } from './quality/probe-evaluation.js';
export { type Accuracy, evaluateZeroShot, type ZeroShotEvaluation } from './quality/zero-shot.js';
export { MAX_DOCUMENTS, type RankedDocument, type RankInput } from './rerank/document-ranking.js';
export type { RetrievalMetrics } from './retrieval-metrics.js';
export { DEFAULT_LIMIT, MAX_LIMIT, MAX_OFFSET } from './search.js';
export type { Picture } from './photo-previews.js';
export type { EngineStatus } from './engine-status.js';
export { SearchEngine } from './search-engine.js';
export { type ItemPage, Shelf } from './shelf.js';
export { DUPLICATE_MODES, type DuplicateGroup, type DuplicateMode } from './duplicates.js';
export type { Completion } from './filter-completion.js';
