/** What a rerank costs beyond the bare graph, how well it keeps its time, and what a repeated query costs. */
import { join } from 'node:path';
import { bundlePath, graphFile, openBundle, TOKENIZER_FILE } from '../../src/encoder/bundle.js';
import { pixelTensor } from '../../src/encoder/dual-encoder.js';
import { Encoder } from '../../src/encoder/mod.js';
import { SessionHost } from '../../src/encoder/runtime/session-host.js';
import { tokenBatch } from '../../src/encoder/token-batch.js';
import { loadTokenizer } from '../../src/encoder/tokenizer/tokenizer.js';
import { openEngine } from '../../src/engine/mod.js';
import { termsOf } from '../../src/engine/rerank/clause-terms.js';
import { parseQuery } from '../../src/engine/rerank/clauses.js';
import { cp, readFile, writeFile } from 'node:fs/promises';
import { EMBEDDED_MODEL } from '../embedded-model.js';
import { temporaryFolder } from '../temporary-folder.js';
import { trial } from '../trial.js';

export interface RerankSpeed {
  /**
   * Milliseconds for the same number of pairs in the bare graph: one batch of `depth` pictures for each text that is read;
   * for each query the mean of one before and one after the rerank.
   */
  readonly raw: readonly number[];
  /** Texts that are read with each candidate: the query, and what verifies its clauses. */
  readonly texts: readonly number[];
  /** Milliseconds of the rerank of as many candidates, one for each query, between the two. */
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
const WARM_UPS: readonly string[] = ['a photo of something', 'somebody at a table', 'animals outside'];

/** The embedded model judging by its match head, whose graph the bare one is, whatever it is fitted for. */
async function matchingModel(folder: string): Promise<string> {
  await cp(EMBEDDED_MODEL, folder, { recursive: true });
  const path = join(folder, 'manifest.json');
  const { fusion: _fitted, ...manifest } = JSON.parse(await readFile(path, 'utf8')) as { fusion?: object };
  await writeFile(path, JSON.stringify(manifest));
  return folder;
}

const textsRead = (query: string): string[] => termsOf(parseQuery(query), []).map(({ text }) => text);

/** The bare graph on pictures of the set, all in one batch for each text. */
async function rawRunner(
  files: readonly string[],
  sessions: SessionHost,
): Promise<(query: string) => Promise<number>> {
  const bundle = await openBundle(EMBEDDED_MODEL);
  const tokenizer = await loadTokenizer(bundlePath(bundle, TOKENIZER_FILE));
  const { imageSize, maxTokens } = bundle.manifest;
  const pictures: Uint8Array[] = [];
  await using encoder = await Encoder.open(EMBEDDED_MODEL);
  for (const file of files) pictures.push((await encoder.images.read(await readFile(file))).pixels);
  const graph = bundlePath(bundle, graphFile('fused'));
  return async (query) => {
    const start = performance.now();
    for (const text of textsRead(query)) {
      const { ids } = tokenizer.tokenize(text, maxTokens);
      const pixels = pixelTensor(pictures, imageSize);
      const texts = tokenBatch(
        pictures.map(() => ids),
        tokenizer.padId,
      );
      await sessions.run(graph, { pixels, ...texts }, 'query');
    }
    return performance.now() - start;
  };
}

trial<RerankSpeedTrial>(async ({ files, queries, hurried, depth, budgetMs }) => {
  await using place = await temporaryFolder();
  const model = await matchingModel(join(place.path, 'model'));
  await using engine = await openEngine({ dataDir: join(place.path, 'library'), model });
  await engine.ingest([...files]);
  const sessions = new SessionHost();
  try {
    const raw = await rawRunner(files.slice(0, depth), sessions);
    const patient = { limit: depth, cutoff: false, rerank: { depth, budgetMs: PATIENT_MS } } as const;
    for (const text of WARM_UPS) {
      await raw(text);
      await engine.search(text, patient);
    }
    const speed = {
      raw: [],
      texts: queries.map((query) => textsRead(query).length),
      reranked: [],
      repeated: [],
      overrun: [],
      depths: [],
    } as {
      [Key in keyof RerankSpeed]: number[];
    };
    for (const query of queries) {
      const before = await raw(query);
      const { timing } = await engine.search(query, patient);
      speed.reranked.push(timing.rerank);
      // What else the machine does comes and goes: it is to meet both alike.
      speed.raw.push((before + (await raw(query))) / 2);
    }
    for (const query of queries) {
      await engine.search(query, patient);
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
