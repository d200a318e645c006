/** The door of the index room: rows and the vectors that follow them. */
export type { FailedFile } from './catalog/file-rows.js';
export type { CurrentModel, PendingModel } from './catalog/model-table.js';
export type { HnswParameters } from './hnsw-index.js';
export { backupLibrary, currentModel, neededModels, pendingModel } from './library-folder.js';
export { Library, type LibraryOptions, type LibraryStatistics } from './library.js';
export type { ModelSwitch, SwitchTarget } from './model-switch.js';
export { exportLibrary, type ExportOptions } from './exchange/export.js';
export type { ExchangeManifest } from './exchange/exchange-format.js';
export { importLibrary, type ImportOptions, readManifest } from './exchange/import.js';
export { auditRecall, type RecallAudit } from './recall-audit.js';
export { LISTED_FIELDS, type ListedField } from './catalog/photo-rows.js';
