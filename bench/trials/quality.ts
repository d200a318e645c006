/** One measurement of the embedded model's quality in a process of its own. */
import { join } from 'node:path';
import {
  evaluate,
  evaluateDrift,
  evaluateProbes,
  evaluateZeroShot,
  type DriftEvaluation,
  type Evaluation,
  importCheckpoint,
  openEngine,
  type Precision,
  type ProbeEvaluation,
  type ZeroShotEvaluation,
} from '../../src/engine/mod.js';
import { trial } from '../trial.js';

interface Captioned {
  readonly dataset: string;
  readonly images: string;
  readonly split: string;
}

/** Found file names of each query, best first. */
export type Found = Readonly<Record<string, readonly string[]>>;

/** What can be asked of the trial, and what it answers. `dataDir` is an empty folder. */
export interface Measurements {
  readonly retrieval: {
    readonly input: Captioned & { readonly rerank?: number };
    readonly result: Evaluation;
  };
  readonly probes: { readonly input: { readonly folder: string }; readonly result: ProbeEvaluation };
  readonly zeroShot: {
    readonly input: { readonly file: string; readonly images: string };
    readonly result: ZeroShotEvaluation;
  };
  readonly drift: {
    readonly input: Captioned & {
      readonly checkpoint: string;
      readonly tokenizer: string;
      readonly precision: Precision;
    };
    readonly result: DriftEvaluation;
  };
  readonly queries: {
    readonly input: { readonly images: string; readonly queries: readonly string[]; readonly limit: number };
    readonly result: Found;
  };
}

export type Measurement = keyof Measurements;

type Input = {
  readonly [M in Measurement]: { readonly measure: M; readonly dataDir: string } & Measurements[M]['input'];
}[Measurement];

export interface QualityTrial {
  readonly input: Input;
  readonly result: Measurements[Measurement]['result'];
}

type QueriesInput = Measurements['queries']['input'] & { readonly dataDir: string };

async function foundBy({ dataDir, images, queries, limit }: QueriesInput): Promise<Found> {
  await using engine = await openEngine({ dataDir, model: 'embedded' });
  await engine.ingest([images]);
  const found: Record<string, string[]> = {};
  for (const query of queries) {
    const { hits } = await engine.search(query, { limit, mode: 'semantic', cutoff: false, rerank: false });
    found[query] = hits.map(({ item }) => item.path);
  }
  return found;
}

type DriftInput = Measurements['drift']['input'] & { readonly dataDir: string };

async function driftFrom(input: DriftInput): Promise<DriftEvaluation> {
  const { checkpoint, tokenizer, precision, dataDir } = input;
  const folder = join(dataDir, 'models', precision);
  await importCheckpoint({ checkpoint, tokenizer, folder, name: precision, precision });
  return evaluateDrift({ ...input, model: 'embedded', against: precision });
}

function measured(input: Input): Promise<QualityTrial['result']> {
  const common = { dataDir: input.dataDir, model: 'embedded' };
  switch (input.measure) {
    case 'retrieval':
      return evaluate({ ...common, ...input });
    case 'probes':
      return evaluateProbes({ ...common, ...input });
    case 'zeroShot':
      return evaluateZeroShot({ ...common, ...input });
    case 'queries':
      return foundBy(input);
    case 'drift':
      return driftFrom(input);
    default:
      return input satisfies never;
  }
}

trial<QualityTrial>(measured);
