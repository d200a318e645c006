/** The measures of the ingest's photo pipeline (src/ingest/photo-pipeline.ts), so that its parts are timed as it runs them. */
import { availableParallelism } from 'node:os';

/** Files that are read and decoded at a time. */
export const DECODERS: number = availableParallelism() + 1;
/** Pictures in a run of the encoder. */
export const BATCH = 16;
/** Batches under way at a time. */
export const BATCHES = 2;

export function batchesOf<T>(elements: readonly T[], size: number = BATCH): T[][] {
  return Array.from({ length: Math.ceil(elements.length / size) }, (_, i) =>
    elements.slice(i * size, (i + 1) * size),
  );
}
