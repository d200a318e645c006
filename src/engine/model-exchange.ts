import type { Encoder } from '../encoder/mod.js';
import type { Intake } from './intake.js';
import { type LiveModel, type ModelSurroundings, modelParts } from './model-parts.js';
import type { RecentQueries } from './recent-queries.js';

interface Exchange extends ModelSurroundings {
  readonly model: LiveModel;
  readonly ownReader: Encoder | undefined;
  readonly recent?: RecentQueries | undefined;
  readonly intake: Intake;
}

/**
 * Queries and ingest use another model, from the moment on in which the library does.
 * @param swap exchanges the library's vectors, tells the very moment, and whether it was done
 * @returns the same, when nobody uses the model before any more
 */
export async function exchangeModel(
  { model, ownReader, recent, intake, ...surroundings }: Exchange,
  encoder: Encoder,
  swap: (onSwap: () => void) => Promise<boolean>,
): Promise<boolean> {
  const next = modelParts(encoder, ownReader, surroundings);
  let left: Promise<void> | undefined;
  await intake.standStill(async () => {
    // Vectors that wait for their row belong to the model that is there now.
    recent?.flush();
    const isDone = await swap(() => {
      left = model.exchange(next);
    });
    return isDone ? next : model.parts;
  });
  await left;
  return left !== undefined;
}
