import type { TensorView } from './tensor-view.js';

export type CheckpointFormat = 'torch-zip' | 'torch-legacy' | 'safetensors';

/** What the reader of a format finds out: where each tensor lies. */
export interface CheckpointContents {
  readonly format: CheckpointFormat;
  /** In file order. */
  readonly views: ReadonlyMap<string, TensorView>;
  /** Names of entries that are not weights. */
  readonly skipped: readonly string[];
}
