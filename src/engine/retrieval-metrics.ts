/**
 * Retrieval R@k by the protocol of COCO and Flickr30k: every caption and every image of a split, in percent.
 *
 * - text → image: the share of captions whose image is among the k best images;
 * - image → text: the share of images with one of their own captions among the k best captions.
 */
import { dot } from '../core/embedding.js';

/** Shares in percent. */
export interface Recalls {
  readonly R1: number;
  readonly R5: number;
  readonly R10: number;
}

export interface RetrievalMetrics {
  readonly textToImage: Recalls;
  readonly imageToText: Recalls;
}

/** Scores of every caption against every image. */
export interface ScoreTable {
  readonly images: number;
  readonly captions: number;
  /** Which image each caption belongs to. */
  readonly imageOf: readonly number[];
  /** [images, captions], row by row. */
  readonly scores: Float32Array;
}

export function recalls(ranks: readonly number[]): Recalls {
  const share = (k: number): number => (100 * ranks.filter((rank) => rank < k).length) / ranks.length;
  return { R1: share(1), R5: share(5), R10: share(10) };
}

/** For each caption, how many images score higher than its own. */
export function imageRanks({ images, captions, imageOf, scores }: ScoreTable): number[] {
  return imageOf.map((own, caption) => {
    const score = scores[own * captions + caption] as number;
    let rank = 0;
    for (let image = 0; image < images; image++)
      if ((scores[image * captions + caption] as number) > score) rank++;
    return rank;
  });
}

/** For each image, how many captions score higher than the best of its own. */
export function captionRanks({ images, captions, imageOf, scores }: ScoreTable): number[] {
  const best = new Float32Array(images).fill(-Infinity);
  for (const [caption, own] of imageOf.entries()) {
    best[own] = Math.max(best[own] as number, scores[own * captions + caption] as number);
  }
  return Array.from({ length: images }, (_, image) => {
    let rank = 0;
    const row = scores.subarray(image * captions, (image + 1) * captions);
    for (const score of row) if (score > (best[image] as number)) rank++;
    return rank;
  });
}

export function retrievalMetrics(table: ScoreTable): RetrievalMetrics {
  return { textToImage: recalls(imageRanks(table)), imageToText: recalls(captionRanks(table)) };
}

/** The table of dot products between image and caption embeddings. */
export function dotTable(
  images: readonly Float32Array[],
  captions: readonly Float32Array[],
  imageOf: readonly number[],
): ScoreTable {
  const scores = new Float32Array(images.length * captions.length);
  for (const [row, image] of images.entries()) {
    for (const [column, caption] of captions.entries()) {
      scores[row * captions.length + column] = dot(image, caption);
    }
  }
  return { images: images.length, captions: captions.length, imageOf, scores };
}
