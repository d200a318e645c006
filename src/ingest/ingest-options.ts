import type { Exclusions } from './exclusions.js';
import type { PhotoPipeline, PhotoPorts } from './photo-pipeline.js';
import type { IngestProgress } from './progress.js';
import type { ScanOptions } from './scan.js';
import type { Priority } from './work-queue.js';

export interface IngestPorts extends PhotoPorts {
  readonly pipeline: PhotoPipeline;
}

export interface IngestOptions {
  /** Absolute paths that are not entered: the library's own folder. */
  readonly exclude: readonly string[];
  readonly followLinks?: boolean | undefined;
  /** Failures that may pass are left until their time comes. Default false: they are tried at once. */
  readonly patient?: boolean;
  /** Failures are tried again, whatever they were. Default false. */
  readonly retry?: boolean;
  /** Default: backfill. */
  readonly priority?: Priority;
  /** The rules of a folder that is scanned. Default: read anew. */
  readonly exclusionsOf?: (root: string) => Exclusions;
  /** Told of each folder before it is listed. */
  readonly onFolder?: ScanOptions['onFolder'];
  /** Takes charge of the paths that are gone. Default: they are forgotten. */
  readonly onGone?: (paths: readonly string[]) => void;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: IngestProgress) => void) | undefined;
}
