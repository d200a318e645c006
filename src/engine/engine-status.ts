import type { Freshness } from '../core/query.js';
import type { Library, LibraryStatistics } from '../index/mod.js';
import type { WatchedState } from '../ingest/mod.js';
import type { IngestStatus } from './ingest-status.js';
import type { LiveModel } from './model-parts.js';

export interface EngineStatus {
  readonly model: {
    readonly name: string;
    readonly id: string;
    readonly dimensions: number;
    readonly imageSize: number;
    readonly precision: string;
    readonly rerank: { readonly default: boolean; readonly reason: string };
  };
  readonly library: LibraryStatistics;
  readonly ingest: IngestStatus;
  readonly watched: readonly WatchedState[];
  readonly freshness: Freshness;
  readonly readOnly: boolean;
}

interface StatusParts {
  readonly model: LiveModel;
  readonly library: Library;
  readonly readOnly: boolean;
}

type IntakeStatus = Pick<EngineStatus, 'watched' | 'freshness'> & { readonly status: IngestStatus };

export function statusOf({ model, library, readOnly }: StatusParts, intake: IntakeStatus): EngineStatus {
  const { encoder, rerank } = model.parts;
  const { name, id, dimensions, imageSize, precision } = encoder.bundle.manifest;
  const { status: ingest, watched, freshness } = intake;
  return {
    model: { name, id, dimensions, imageSize, precision, rerank: rerank.gate },
    library: library.statistics(),
    ingest,
    watched,
    freshness,
    readOnly,
  };
}
