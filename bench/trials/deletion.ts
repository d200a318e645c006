/**
 * Whether a heat map tells the truth: cells are covered one after the other, the most relevant first, and the score must fall
 * faster than when they are covered in any order.
 */
import { readFile } from 'node:fs/promises';
import { Encoder } from '../../src/encoder/mod.js';
import { explain } from '../../src/engine/explain/explanation.js';
import { type Explainable, judgeOf } from '../../src/engine/explain/judge.js';
import { covered } from '../../src/engine/explain/occlusion.js';
import { seededRandom } from '../../src/engine/rerank/bootstrap.js';
import { EMBEDDED_MODEL } from '../embedded-model.js';
import { trial } from '../trial.js';

export interface DeletionCurve {
  /** Share of the cells that are covered, 0…1. */
  readonly shares: readonly number[];
  /** Scores of one photo, for each share. */
  readonly relevantFirst: readonly number[];
  /** The mean of a few random orders. */
  readonly anyOrder: readonly number[];
}

export interface DeletionTrial {
  readonly input: {
    readonly by: Explainable;
    readonly photos: readonly { readonly file: string; readonly caption: string }[];
  };
  readonly result: readonly DeletionCurve[];
}

const STEPS = 8;
const ORDERS = 3;

function shuffled(count: number, random: () => number): number[] {
  return Array.from({ length: count }, (_, cell) => ({ cell, key: random() }))
    .toSorted((a, b) => a.key - b.key)
    .map(({ cell }) => cell);
}

trial<DeletionTrial>(async ({ by, photos }) => {
  await using encoder = await Encoder.open(EMBEDDED_MODEL);
  const { imageSize, patchSize } = encoder.bundle.manifest;
  const random = seededRandom(11);
  const curves: DeletionCurve[] = [];
  for (const { file, caption } of photos) {
    const { pixels } = await encoder.images.read(await readFile(file));
    const picture = { pixels, size: imageSize };
    const judge = judgeOf(encoder, by, file);
    const { relevance } = await explain({
      picture,
      patches: imageSize / patchSize,
      text: caption,
      by,
      judge,
    });
    const { cells, values } = relevance;
    const ranked = [...values.keys()].toSorted((a, b) => (values[b] as number) - (values[a] as number));
    const orders = [ranked, ...Array.from({ length: ORDERS }, () => shuffled(values.length, random))];
    const counts = Array.from({ length: STEPS + 1 }, (_, step) => Math.round((step * values.length) / STEPS));
    const pictures = orders.flatMap((order) =>
      counts.map((count) => covered(picture, cells, order.slice(0, count))),
    );
    // Another name for the content: the pictures are others than those that the heat map was made of.
    const scores = (await judgeOf(encoder, by, `${file} erased`)(pictures, [caption])).map(
      ([score]) => score ?? NaN,
    );
    const curve = (order: number): number[] =>
      scores.slice(order * counts.length, (order + 1) * counts.length);
    const others = Array.from({ length: ORDERS }, (_, order) => curve(order + 1));
    curves.push({
      shares: counts.map((count) => count / values.length),
      relevantFirst: curve(0),
      anyOrder: counts.map((_, step) => others.reduce((sum, one) => sum + (one[step] as number), 0) / ORDERS),
    });
  }
  return curves;
});
