/** Imports a checkpoint in a fresh process and tells how long it took and how much memory at most. */
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { importCheckpoint, type Precision } from '../../src/encoder/mod.js';
import { effortOf } from '../stopwatch.js';
import { trial } from '../trial.js';

export interface ImportTrial {
  readonly input: {
    readonly checkpoint: string;
    readonly tokenizer: string;
    readonly folder: string;
    readonly precision: Precision;
  };
  readonly result: { readonly seconds: number; readonly peakMemory: number; readonly megabytes: number };
}

trial<ImportTrial>(async (input) => {
  const { seconds } = await effortOf(() => importCheckpoint({ ...input, name: 'random' }));
  const { size } = await stat(join(input.folder, 'weights.bin'));
  return { seconds, peakMemory: process.resourceUsage().maxRSS / 1024, megabytes: size / 1e6 };
});
