/** How far one precision of a model drifts from another: by the angle between their embeddings, and by what is found. */
import { dot } from '../../core/embedding.js';
import { SightlineError } from '../../core/errors.js';
import { readKarpathySplit } from '../karpathy-dataset.js';
import { type ModelChoice, openEncoder } from '../models.js';
import { type EncodedSet, encodeSet, similarityTable, type Watched } from '../rerank/encoded-set.js';
import { type Recalls, type RetrievalMetrics, retrievalMetrics } from '../retrieval-metrics.js';

export interface DriftOptions extends Watched, ModelChoice {
  /** The other model: the same checkpoint at another precision. */
  readonly against: string;
  readonly dataset: string;
  readonly images: string;
  readonly split: string;
}

/** Cosines between the two models' embeddings of the same thing. */
export interface Closeness {
  readonly mean: number;
  readonly least: number;
}

export interface Drift {
  readonly images: Closeness;
  readonly captions: Closeness;
  /** Points of R@k gained (or lost, below 0) against the other model. */
  readonly change: RetrievalMetrics;
}

export interface DriftEvaluation extends Drift {
  readonly model: string;
  readonly against: string;
  readonly precisions: readonly [string, string];
}

export function closeness(a: readonly Float32Array[], b: readonly Float32Array[]): Closeness {
  const cosines = a.map((vector, i) => dot(vector, b[i] as Float32Array));
  const mean = cosines.reduce((sum, cosine) => sum + cosine, 0) / Math.max(1, cosines.length);
  return { mean, least: Math.min(...cosines) };
}

function difference(a: Recalls, b: Recalls): Recalls {
  return { R1: a.R1 - b.R1, R5: a.R5 - b.R5, R10: a.R10 - b.R10 };
}

export function driftBetween(mine: EncodedSet, other: EncodedSet): Drift {
  const [a, b] = [mine, other].map((set) => retrievalMetrics(similarityTable(set))) as [
    RetrievalMetrics,
    RetrievalMetrics,
  ];
  return {
    images: closeness(mine.imageVectors, other.imageVectors),
    captions: closeness(mine.captionVectors, other.captionVectors),
    change: {
      textToImage: difference(a.textToImage, b.textToImage),
      imageToText: difference(a.imageToText, b.imageToText),
    },
  };
}

/** @throws ERR_DATASET_INVALID, ERR_MODEL_MISSING, ERR_MODEL_CAPABILITY, ERR_REQUEST_INVALID for models of two checkpoints */
export async function evaluateDrift(options: DriftOptions): Promise<DriftEvaluation> {
  const dataset = await readKarpathySplit(options.dataset, options.split);
  await using mine = await openEncoder(options);
  await using other = await openEncoder({ ...options, model: options.against });
  const [a, b] = [mine.bundle.manifest, other.bundle.manifest];
  if (a.source.sha256 !== b.source.sha256) {
    const message = `Expected two precisions of one checkpoint but ${a.name} was made from ${a.source.file} and ${b.name} from ${b.source.file}.`;
    throw new SightlineError('ERR_REQUEST_INVALID', message);
  }
  const encoded = await encodeSet(mine, options.images, dataset, options);
  const drift = driftBetween(encoded, await encodeSet(other, options.images, dataset, options));
  return { model: a.id, against: b.id, precisions: [a.precision, b.precision], ...drift };
}
