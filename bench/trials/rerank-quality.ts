/** Retrieval before and after the rerank by every scorer of a bundle, fitted on one half of the photos. */
import { cp } from 'node:fs/promises';
import { join } from 'node:path';
import { openBundle } from '../../src/encoder/bundle.js';
import { scorersOf } from '../../src/encoder/scorers/scorer-catalogue.js';
import { evaluate, type Evaluation } from '../../src/engine/mod.js';
import { EMBEDDED_MODEL } from '../embedded-model.js';
import { temporaryFolder } from '../temporary-folder.js';
import { trial } from '../trial.js';

export interface RerankQualityTrial {
  readonly input: {
    readonly dataset: string;
    readonly images: string;
    readonly split: string;
    readonly depth: number;
  };
  readonly result: Evaluation;
}

trial<RerankQualityTrial>(async ({ dataset, images, split, depth }) => {
  await using place = await temporaryFolder();
  // A copy: the fit is written into the manifest.
  const model = join(place.path, 'model');
  await cp(EMBEDDED_MODEL, model, { recursive: true });
  const scorers = scorersOf((await openBundle(model)).manifest);
  const dataDir = join(place.path, 'library');
  // Awaited here: the copy is removed when this function returns.
  return await evaluate({ model, dataDir, dataset, images, split, rerank: depth, scorers, fit: true });
});
