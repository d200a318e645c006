/** A captioned set with everything that a measurement of retrieval needs: pictures, captions, and their embeddings. */
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import pMap from 'p-map';
import type { Encoder, PairImage, PairScorer } from '../../encoder/mod.js';
import type { CaptionedImages } from '../karpathy-dataset.js';
import { readPictureFile } from '../picture-file.js';
import { dotTable, type ScoreTable } from '../retrieval-metrics.js';
import type { Pair } from './rerank-queries.js';

export interface EncodedSet {
  readonly images: readonly PairImage[];
  readonly imageVectors: readonly Float32Array[];
  readonly captions: readonly string[];
  readonly captionVectors: readonly Float32Array[];
  /** Place of each caption's picture. */
  readonly imageOf: readonly number[];
}

/** Told how far a stage got; its signal stops it between two chunks. */
export interface Watched {
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((stage: string, done: number, total: number) => void) | undefined;
}

const CHUNK = 64;
/** Pairs asked for at once: enough that texts of one length fill a batch. */
const PAIR_CHUNK = 512;

/** Applies `work` to chunks of a list, one after the other. */
async function inChunks<T, R>(
  list: readonly T[],
  size: number,
  stage: string,
  work: (chunk: readonly T[]) => Promise<R[]>,
  { signal, onProgress }: Watched,
): Promise<R[]> {
  const results: R[] = [];
  for (let start = 0; start < list.length; start += size) {
    signal?.throwIfAborted();
    results.push(...(await work(list.slice(start, start + size))));
    onProgress?.(stage, results.length, list.length);
  }
  return results;
}

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

/** The pictures of a dataset as a model reads them. */
export async function readImages(
  encoder: Encoder,
  folder: string,
  files: readonly string[],
  watched: Watched,
): Promise<PairImage[]> {
  const read = (chunk: readonly string[]): Promise<Uint8Array[]> => readPixels(encoder, folder, chunk);
  const pixels = await inChunks(files, CHUNK, 'reading images', read, watched);
  return files.map((key, place) => ({ key, pixels: async () => pixels[place] as Uint8Array }));
}

async function embedImages(
  encoder: Encoder,
  images: readonly PairImage[],
  watched: Watched,
): Promise<Float32Array[]> {
  const towers = encoder.dual;
  return inChunks(
    images,
    CHUNK,
    'embedding images',
    async (chunk) => towers.embedImages(await Promise.all(chunk.map((image) => image.pixels()))),
    watched,
  );
}

/** Embeddings of the pictures of a folder. @throws ERR_DATASET_INVALID where one is not there */
export async function embedPictures(
  encoder: Encoder,
  folder: string,
  files: readonly string[],
  watched: Watched,
): Promise<Float32Array[]> {
  return embedImages(encoder, await readImages(encoder, folder, files, watched), watched);
}

/** @throws ERR_DATASET_INVALID where a picture is not in `folder` */
export async function encodeSet(
  encoder: Encoder,
  folder: string,
  { files, captions, imageOf }: CaptionedImages,
  watched: Watched,
): Promise<EncodedSet> {
  const towers = encoder.dual;
  const images = await readImages(encoder, folder, files, watched);
  const imageVectors = await embedImages(encoder, images, watched);
  const captionVectors = await inChunks(
    captions,
    CHUNK,
    'embedding captions',
    async (chunk) => (await towers.embedTexts(chunk)).embeddings,
    watched,
  );
  return { images, imageVectors, captions, captionVectors, imageOf };
}

/** Every other picture, from the first or the second on, with its captions. */
export function halfOf(set: EncodedSet, half: 0 | 1): EncodedSet {
  const mine = (image: number): boolean => image % 2 === half;
  const captions = set.imageOf.flatMap((image, caption) => (mine(image) ? [caption] : []));
  return {
    images: set.images.filter((_, image) => mine(image)),
    imageVectors: set.imageVectors.filter((_, image) => mine(image)),
    captions: captions.map((caption) => set.captions[caption] as string),
    captionVectors: captions.map((caption) => set.captionVectors[caption] as Float32Array),
    imageOf: captions.map((caption) => Math.floor((set.imageOf[caption] as number) / 2)),
  };
}

export function similarityTable({ imageVectors, captionVectors, imageOf }: EncodedSet): ScoreTable {
  return dotTable(imageVectors, captionVectors, imageOf);
}

export interface PairScores {
  /** In the order of the pairs. */
  readonly scores: readonly number[];
  readonly millisecondsEach: number;
}

/** Scores pairs, those of like length together, so that batches are full and nothing of them is padding. */
export async function scorePairs(
  scorer: PairScorer,
  { images, captions }: Pick<EncodedSet, 'images' | 'captions'>,
  pairs: readonly Pair[],
  watched: Watched,
): Promise<PairScores> {
  const textOf = ({ caption }: Pair): string => captions[caption] as string;
  const pictureOf = ({ image }: Pair): number => (scorer.keepsPicture ? image : 0);
  const order = [...pairs.entries()].toSorted(
    ([, a], [, b]) =>
      pictureOf(a) - pictureOf(b) || textOf(a).length - textOf(b).length || a.caption - b.caption,
  );
  const start = performance.now();
  const scored = await inChunks(
    order,
    PAIR_CHUNK,
    `reranking by ${scorer.name}`,
    (chunk) =>
      scorer.score(chunk.map(([, pair]) => ({ image: images[pair.image] as PairImage, text: textOf(pair) }))),
    watched,
  );
  const scores: number[] = [];
  for (const [place, [index]] of order.entries()) scores[index] = scored[place] as number;
  return { scores, millisecondsEach: (performance.now() - start) / Math.max(1, pairs.length) };
}
