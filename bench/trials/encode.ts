/** Encoding alone: the prepared pixels of every photo through a warm session, in the batches of the ingest. */
import { readFile } from 'node:fs/promises';
import pMap from 'p-map';
import { Encoder } from '../../src/encoder/mod.js';
import { EMBEDDED_MODEL } from '../embedded-model.js';
import { BATCHES, batchesOf, DECODERS } from '../pipeline-shape.js';
import { type Effort, effortOf } from '../stopwatch.js';
import { trial } from '../trial.js';

export interface EncodeInput {
  readonly files: readonly string[];
}

export interface EncodeTrial {
  readonly input: EncodeInput;
  readonly result: Effort;
}

trial<EncodeTrial>(async ({ files }) => {
  await using encoder = await Encoder.open(EMBEDDED_MODEL);
  const pixels = await pMap(files, async (file) => (await encoder.images.read(await readFile(file))).pixels, {
    concurrency: DECODERS,
  });
  const batches = batchesOf(pixels);
  await encoder.dual.embedImages(batches[0] ?? []);
  // Awaited here: the encoder is closed when this function returns.
  return await effortOf(() =>
    pMap(batches, (batch) => encoder.dual.embedImages(batch), { concurrency: BATCHES }),
  );
});
