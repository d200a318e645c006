import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import pMap from 'p-map';
import type { ProviderChoice } from '../core/provider.js';
import type { Encoder } from '../encoder/mod.js';
import { type CaptionedImages, readKarpathySplit } from './karpathy-dataset.js';
import { openEncoder } from './models.js';
import { readPictureFile } from './picture-file.js';
import { distinctPairs, type Pair, rerankCandidates, rerankedMetrics } from './rerank-evaluation.js';
import { dotTable, type RetrievalMetrics, retrievalMetrics } from './retrieval-metrics.js';

export interface EvaluateOptions {
  readonly model: string | undefined;
  readonly dataDir: string;
  readonly dataset: string;
  readonly images: string;
  readonly split: string;
  /** How many of the best candidates the fused mode puts in order; none where absent. */
  readonly rerank?: number | undefined;
  readonly threads?: number | undefined;
  readonly provider?: ProviderChoice | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: (stage: string, done: number, total: number) => void;
}

export interface Evaluation {
  readonly model: string;
  readonly split: string;
  readonly images: number;
  readonly captions: number;
  readonly dual: RetrievalMetrics;
  readonly fused?: RetrievalMetrics;
}

const CHUNK = 64;

type Report = (done: number, total: number) => void;

async function readPixels(encoder: Encoder, folder: string, files: readonly string[]): Promise<Uint8Array[]> {
  return pMap(
    files,
    async (file) => {
      const bytes = await readPictureFile(join(folder, file), 'ERR_DATASET_INVALID');
      return (await encoder.images.read(bytes)).pixels;
    },
    { concurrency: availableParallelism() + 1 },
  );
}

/** Applies `work` to chunks of a list, one after the other, telling how far it got. */
async function inChunks<T, R>(
  list: readonly T[],
  work: (chunk: readonly T[]) => Promise<R[]>,
  report: Report,
  signal: AbortSignal | undefined,
): Promise<R[]> {
  const results: R[] = [];
  for (let start = 0; start < list.length; start += CHUNK) {
    signal?.throwIfAborted();
    results.push(...(await work(list.slice(start, start + CHUNK))));
    report(results.length, list.length);
  }
  return results;
}

/** Match scores of pairs, those of like length together so that little of a run is padding. */
async function matchScores(
  encoder: Encoder,
  { captions }: CaptionedImages,
  pixels: readonly Uint8Array[],
  pairs: readonly Pair[],
  { onProgress, signal }: EvaluateOptions,
): Promise<number[]> {
  const fused = encoder.fused();
  const text = ({ caption }: Pair): string => captions[caption] as string;
  const order = [...pairs.entries()].toSorted(([, a], [, b]) => text(a).length - text(b).length);
  const scored = await inChunks(
    order,
    (chunk) =>
      fused.matchScores(
        chunk.map(([, pair]) => ({ pixels: pixels[pair.image] as Uint8Array, text: text(pair) })),
      ),
    (done, total) => onProgress?.('reranking', done, total),
    signal,
  );
  const scores: number[] = [];
  for (const [place, [index]] of order.entries()) scores[index] = scored[place] as number;
  return scores;
}

/**
 * Retrieval quality of a model on a captioned split, by the standard protocol. With `rerank`, both directions' best R
 * candidates are put in the order of their match scores; the rest follow as they were.
 * @throws ERR_DATASET_INVALID, ERR_MODEL_MISSING, ERR_MODEL_CAPABILITY where there are no retrieval heads, or no match head
 * to rerank with
 */
export async function evaluate(options: EvaluateOptions): Promise<Evaluation> {
  const { split, threads, provider, signal, rerank } = options;
  const dataset = await readKarpathySplit(options.dataset, split);
  const { model: named, dataDir } = options;
  await using encoder = await openEncoder({ model: named, dataDir, threads, provider });
  // Asked for first, so that a model that cannot do it is refused before any picture is read.
  const { dual: towers } = encoder;
  if (rerank !== undefined) encoder.fused();

  const pixels = await inChunks(
    dataset.files,
    (files) => readPixels(encoder, options.images, files),
    (done, total) => options.onProgress?.('reading images', done, total),
    signal,
  );
  const images = await inChunks(
    pixels,
    (chunk) => towers.embedImages(chunk),
    (done, total) => options.onProgress?.('embedding images', done, total),
    signal,
  );
  const captions = await inChunks(
    dataset.captions,
    async (chunk) => (await towers.embedTexts(chunk)).embeddings,
    (done, total) => options.onProgress?.('embedding captions', done, total),
    signal,
  );
  const table = dotTable(images, captions, dataset.imageOf);
  const dual = retrievalMetrics(table);
  const model = encoder.bundle.manifest.id;
  const summary = { model, split, images: images.length, captions: captions.length, dual };
  if (rerank === undefined) return summary;
  const candidates = rerankCandidates(table, rerank);
  const pairs = distinctPairs(candidates, captions.length);
  const matches = await matchScores(encoder, dataset, pixels, pairs, options);
  return { ...summary, fused: rerankedMetrics(table, candidates, pairs, matches) };
}
