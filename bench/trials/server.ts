/** A library behind a real HTTP server, for as long as the trial is kept. */
import { join } from 'node:path';
import { createApp, listen } from '../../src/api/mod.js';
import { unit } from '../../src/core/embedding.js';
import { Library } from '../../src/index/mod.js';
import { openEngine } from '../../src/mod.js';
import { madeUpPhoto } from '../made-up-photos.js';
import { syntheticVectors } from '../synthetic-vectors.js';
import { temporaryFolder } from '../temporary-folder.js';
import { trial } from '../trial.js';

export interface ServerInput {
  /** Photos to ingest. */
  readonly folder?: string;
  /** The folder of a bundle. Default: the embedded model. */
  readonly model?: string;
  /** Rows of photos that are nowhere, with vectors near those of the others and captions as descriptions. */
  readonly besides?: { readonly count: number; readonly captions: readonly string[] };
}

export interface ServerResult {
  readonly url: string;
  readonly photos: number;
}

export interface ServerTrial {
  readonly input: ServerInput;
  readonly result: ServerResult;
}

const SEED = 1;
const BATCH = 512;
/** Where there are no photos, what vectors lie around. */
const CENTRES = 200;

function centres(library: Library, dimensions: number): Float32Array[] {
  const photos = [...library.embeddings('photo')].map(({ vector }) => vector);
  if (photos.length > 0) return photos;
  const flat = unit(new Float32Array(dimensions).fill(1));
  return syntheticVectors([flat], CENTRES, SEED);
}

/** Adds the rows, and builds their graph. */
async function addRows(
  dataDir: string,
  { id: modelId, dimensions }: { readonly id: string; readonly dimensions: number },
  { count, captions }: NonNullable<ServerInput['besides']>,
): Promise<void> {
  await using library = await Library.open({ folder: dataDir, modelId, dimensions, readOnly: false });
  const vectors = syntheticVectors(centres(library, dimensions), count, SEED);
  for (let start = 0; start < count; start += BATCH) {
    library.commit(
      vectors
        .slice(start, start + BATCH)
        .map((embedding, i) =>
          madeUpPhoto(start + i, { embedding, description: captions[(start + i) % captions.length] }),
        ),
    );
  }
  await library.save();
}

trial<ServerTrial>(async ({ folder, model, besides }, atEnd) => {
  const place = await temporaryFolder();
  atEnd(async () => place[Symbol.asyncDispose]());
  const options = { dataDir: join(place.path, 'library'), ...(model !== undefined && { model }) };
  if (besides) {
    const before = await openEngine(options);
    if (folder !== undefined) await before.ingest([folder]);
    const { model: space } = before.status();
    await before.close();
    await addRows(options.dataDir, space, besides);
  }
  const engine = await openEngine(options);
  atEnd(() => engine.close());
  if (folder !== undefined && besides === undefined) await engine.ingest([folder]);
  await engine.warmUp();
  const server = await listen(createApp(engine, { version: 'bench', webFolder: place.path }), '127.0.0.1', 0);
  atEnd(() => server.close());
  return { url: server.url, photos: engine.status().library.items.photo };
});
