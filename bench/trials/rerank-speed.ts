/** What a rerank costs beyond the bare graph, how well it keeps its time, and what a repeated query costs. */
import { join } from 'node:path';
import { bundlePath, graphFile, openBundle, TOKENIZER_FILE } from '../../src/encoder/bundle.js';
import { pixelTensor } from '../../src/encoder/dual-encoder.js';
import { Encoder } from '../../src/encoder/mod.js';
import { SessionHost } from '../../src/encoder/runtime/session-host.js';
import { tokenBatch } from '../../src/encoder/token-batch.js';
import { loadTokenizer } from '../../src/encoder/tokenizer/tokenizer.js';
import { openEngine } from '../../src/engine/mod.js';
import { readFile } from 'node:fs/promises';
import { EMBEDDED_MODEL } from '../embedded-model.js';
import { temporaryFolder } from '../temporary-folder.js';
import { trial } from '../trial.js';

export interface RerankSpeed {
  /** Milliseconds for one batch of `depth` pairs in the bare graph, one for each query. */
  readonly raw: readonly number[];
  /** Milliseconds of the rerank of as many candidates, one for each query. */
  readonly reranked: readonly number[];
  /** Milliseconds of the same search again. */
  readonly repeated: readonly number[];
  /** Milliseconds over the budget. */
  readonly overrun: readonly number[];
  /** How deep it got in that time. */
  readonly depths: readonly number[];
}

export interface RerankSpeedInput {
  readonly files: readonly string[];
  /** Each is asked once with time enough, and once more; the others of them with a budget. */
  readonly queries: readonly string[];
  readonly hurried: readonly string[];
  readonly depth: number;
  readonly budgetMs: number;
}

export interface RerankSpeedTrial {
  readonly input: RerankSpeedInput;
  readonly result: RerankSpeed;
}

const PATIENT_MS = 60_000;
const WARM_UP = 'a photo of something';

/** The bare graph on pictures of the set, all in one batch. */
async function rawRunner(
  files: readonly string[],
  sessions: SessionHost,
): Promise<(text: string) => Promise<number>> {
  const bundle = await openBundle(EMBEDDED_MODEL);
  const tokenizer = await loadTokenizer(bundlePath(bundle, TOKENIZER_FILE));
  const { imageSize, maxTokens } = bundle.manifest;
  const pictures: Uint8Array[] = [];
  await using encoder = await Encoder.open(EMBEDDED_MODEL);
  for (const file of files) pictures.push((await encoder.images.read(await readFile(file))).pixels);
  const graph = bundlePath(bundle, graphFile('fused'));
  return async (text) => {
    const { ids } = tokenizer.tokenize(text, maxTokens);
    const start = performance.now();
    const pixels = pixelTensor(pictures, imageSize);
    const texts = tokenBatch(
      pictures.map(() => ids),
      tokenizer.padId,
    );
    await sessions.run(graph, { pixels, ...texts }, 'query');
    return performance.now() - start;
  };
}

trial<RerankSpeedTrial>(async ({ files, queries, hurried, depth, budgetMs }) => {
  await using place = await temporaryFolder();
  await using engine = await openEngine({ dataDir: join(place.path, 'library'), model: 'embedded' });
  await engine.ingest([...files]);
  const sessions = new SessionHost();
  try {
    const raw = await rawRunner(files.slice(0, depth), sessions);
    const patient = { limit: depth, cutoff: false, rerank: { depth, budgetMs: PATIENT_MS } } as const;
    await raw(WARM_UP);
    await engine.search(WARM_UP, patient);
    const speed = { raw: [], reranked: [], repeated: [], overrun: [], depths: [] } as {
      [Key in keyof RerankSpeed]: number[];
    };
    for (const query of queries) {
      speed.raw.push(await raw(query));
      speed.reranked.push((await engine.search(query, patient)).timing.rerank);
      speed.repeated.push((await engine.search(query, patient)).timing.total);
    }
    for (const query of hurried) {
      const { timing, rerank } = await engine.search(query, {
        cutoff: false,
        rerank: { depth: files.length, budgetMs },
      });
      // What ended before its time says nothing about how it ends.
      if (rerank?.reason === null) continue;
      speed.overrun.push(timing.rerank - budgetMs);
      speed.depths.push(rerank?.depth ?? 0);
    }
    return speed;
  } finally {
    await sessions.close();
  }
});
