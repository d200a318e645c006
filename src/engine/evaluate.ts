import { readFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import pMap from 'p-map';
import { pathError } from '../core/errors.js';
import { byScore } from '../core/top-k.js';
import { Encoder } from '../encoder/mod.js';
import { type CaptionedImages, readKarpathySplit } from './karpathy-dataset.js';
import { resolveModel } from './models.js';
import { dotTable, type RetrievalMetrics, retrievalMetrics, type ScoreTable } from './retrieval-metrics.js';

export interface EvaluateOptions {
  readonly model: string;
  readonly dataDir: string;
  readonly dataset: string;
  readonly images: string;
  readonly split: string;
  /** How many of the best candidates the fused mode puts in order; none where absent. */
  readonly rerank?: number | undefined;
  readonly threads?: number | undefined;
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

/** Lifts reranked candidates above all others: similarities are at most 1 and match scores are squeezed to 0…1. */
const ABOVE_ALL = 2;

type Report = (done: number, total: number) => void;

async function readPixels(encoder: Encoder, folder: string, files: readonly string[]): Promise<Uint8Array[]> {
  return pMap(
    files,
    async (file) => {
      const path = join(folder, file);
      const bytes = await readFile(path).catch((error: unknown) => {
        throw pathError(error, path, 'ERR_DATASET_INVALID');
      });
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

/** The best R columns of each row, or rows of each column, as pairs to look at. */
function candidates(table: ScoreTable, depth: number): { image: number; caption: number }[] {
  const { images, captions, scores } = table;
  const pairs = new Map<number, { image: number; caption: number }>();
  const keep = (row: number[], pair: (index: number) => { image: number; caption: number }): void => {
    const best = row
      .map((score, id) => ({ id, score }))
      .toSorted(byScore)
      .slice(0, depth);
    for (const { id } of best) {
      const { image, caption } = pair(id);
      pairs.set(image * captions + caption, { image, caption });
    }
  };
  for (let caption = 0; caption < captions; caption++) {
    const column = Array.from({ length: images }, (_, image) => scores[image * captions + caption] as number);
    keep(column, (image) => ({ image, caption }));
  }
  for (let image = 0; image < images; image++) {
    keep(Array.from(scores.subarray(image * captions, (image + 1) * captions)), (caption) => ({
      image,
      caption,
    }));
  }
  return [...pairs.values()];
}

const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));

async function rerankedTable(
  encoder: Encoder,
  dataset: CaptionedImages,
  pixels: readonly Uint8Array[],
  table: ScoreTable,
  options: EvaluateOptions & { rerank: number },
): Promise<ScoreTable> {
  const fused = encoder.fused();
  const pairs = candidates(table, options.rerank);
  const ordered = pairs.toSorted((a, b) => captionLength(dataset, a) - captionLength(dataset, b));
  const matches = await inChunks(
    ordered,
    (chunk) =>
      fused.matchScores(
        chunk.map(({ image, caption }) => ({
          pixels: pixels[image] as Uint8Array,
          text: dataset.captions[caption] as string,
        })),
      ),
    (done, total) => options.onProgress?.('reranking', done, total),
    options.signal,
  );
  const scores = table.scores.slice();
  for (const [index, { image, caption }] of ordered.entries()) {
    scores[image * table.captions + caption] = ABOVE_ALL + sigmoid(matches[index] as number);
  }
  return { ...table, scores };
}

function captionLength({ captions }: CaptionedImages, { caption }: { caption: number }): number {
  return captions[caption]?.length ?? 0;
}

/**
 * Retrieval quality of a model on a captioned split, by the standard protocol. With `rerank`, both directions' best R
 * candidates are put in the order of their match scores; the rest follow as they were.
 * @throws ERR_DATASET_INVALID, ERR_MODEL_MISSING, ERR_MODEL_CAPABILITY where there are no retrieval heads, or no match head
 * to rerank with
 */
export async function evaluate(options: EvaluateOptions): Promise<Evaluation> {
  const { split, threads, signal, rerank } = options;
  const dataset = await readKarpathySplit(options.dataset, split);
  const folder = await resolveModel(options.model, options.dataDir);
  await using encoder = await Encoder.open(folder, { threads });
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
  const reranked = await rerankedTable(encoder, dataset, pixels, table, { ...options, rerank });
  return { ...summary, fused: retrievalMetrics(reranked) };
}
