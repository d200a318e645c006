/** Decoding alone: every photo is read from disk and prepared for the model, as many at a time as the ingest takes. */
import { readFile } from 'node:fs/promises';
import pMap from 'p-map';
import { SharpImageReader } from '../../src/encoder/image/image-reader.js';
import { openBundle } from '../../src/encoder/mod.js';
import { EMBEDDED_MODEL } from '../embedded-model.js';
import { DECODERS } from '../pipeline-shape.js';
import { type Effort, effortOf } from '../stopwatch.js';
import { trial } from '../trial.js';

export interface DecodeInput {
  readonly files: readonly string[];
  /** Make previews as well, as an ingest does. Default false. */
  readonly thumbnail?: boolean;
}

export interface DecodeTrial {
  readonly input: DecodeInput;
  readonly result: Effort;
}

trial<DecodeTrial>(async ({ files, thumbnail = false }) => {
  const { manifest } = await openBundle(EMBEDDED_MODEL);
  const reader = new SharpImageReader(manifest.imageSize);
  await reader.read(await readFile(files[0] as string));
  return effortOf(() =>
    pMap(files, async (file) => void (await reader.read(await readFile(file), { thumbnail })), {
      concurrency: DECODERS,
    }),
  );
});
