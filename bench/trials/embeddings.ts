/** Real vectors of photos and texts, for the trials that multiply them. */
import { readFile } from 'node:fs/promises';
import pMap from 'p-map';
import { Encoder } from '../../src/encoder/mod.js';
import { EMBEDDED_MODEL } from '../embedded-model.js';
import { batchesOf, DECODERS } from '../pipeline-shape.js';
import { trial } from '../trial.js';

export interface EmbeddingsInput {
  readonly files: readonly string[];
  readonly texts: readonly string[];
}

export interface EmbeddingsResult {
  readonly photos: readonly Float32Array[];
  readonly texts: readonly Float32Array[];
}

export interface EmbeddingsTrial {
  readonly input: EmbeddingsInput;
  readonly result: EmbeddingsResult;
}

trial<EmbeddingsTrial>(async ({ files, texts }) => {
  await using encoder = await Encoder.open(EMBEDDED_MODEL);
  const photos: Float32Array[] = [];
  for (const batch of batchesOf(files)) {
    const read = async (file: string): Promise<Uint8Array> =>
      (await encoder.images.read(await readFile(file))).pixels;
    photos.push(...(await encoder.dual.embedImages(await pMap(batch, read, { concurrency: DECODERS }))));
  }
  return { photos, texts: (await encoder.dual.embedTexts(texts)).embeddings };
});
