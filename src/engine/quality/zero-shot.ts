/**
 * Classification by words alone: a picture belongs to the class whose description it is nearest to. Each class is described by every
 * template with its name put in, and stands for the mean of these embeddings. The model was not taught these classes as
 * classes; whether it saw their pictures or names while learning is for the file to say (`about`).
 */
import { z } from 'zod';
import { dot } from '../../core/embedding.js';
import { SightlineError } from '../../core/errors.js';
import { type ModelChoice, openEncoder } from '../models.js';
import { type Interval, meanInterval } from '../rerank/bootstrap.js';
import { embedPictures, type Watched } from '../rerank/encoded-set.js';
import { readJsonFile } from './json-file.js';
import { promptEmbedding } from './prompt-embedding.js';

export interface ZeroShotFile {
  /** What a reader must know: where the pictures come from, what was held out. */
  readonly about?: string | undefined;
  /** Each with `{}` where the name goes. */
  readonly templates: readonly string[];
  readonly classes: readonly string[];
  readonly images: readonly { readonly image: string; readonly label: string }[];
}

const schema: z.ZodType<ZeroShotFile> = z.object({
  about: z.string().optional(),
  templates: z.array(z.string().includes('{}')).min(1),
  classes: z.array(z.string()).min(2),
  images: z.array(z.object({ image: z.string(), label: z.string() })).min(1),
});

export interface ZeroShotOptions extends Watched, ModelChoice {
  readonly file: string;
  readonly images: string;
}

/** In percent. */
export interface Accuracy {
  readonly value: number;
  readonly interval: Interval;
}

export interface ZeroShotEvaluation {
  readonly model: string;
  readonly about?: string;
  readonly images: number;
  readonly classes: number;
  readonly templates: number;
  readonly top1: Accuracy;
  readonly top5: Accuracy;
  /** Accuracy of guessing, in percent. */
  readonly chance: number;
}

const PERCENT = 100;

/** How many classes stand before the right one, for each picture. */
export function classRanks(
  images: readonly Float32Array[],
  classes: readonly Float32Array[],
  labels: readonly number[],
): number[] {
  return images.map((image, i) => {
    const own = dot(image, classes[labels[i] as number] as Float32Array);
    return classes.reduce((rank, one) => rank + (dot(image, one) > own ? 1 : 0), 0);
  });
}

/** The share of ranks below k, in percent, with its 95 % interval. */
export function accuracy(ranks: readonly number[], k: number): Accuracy {
  const outcomes = ranks.map((rank, group) => ({ group, value: rank < k ? PERCENT : 0 }));
  const value = outcomes.reduce((sum, outcome) => sum + outcome.value, 0) / Math.max(1, ranks.length);
  return { value, interval: meanInterval(outcomes) };
}

/** @throws ERR_DATASET_INVALID, ERR_PATH_NOT_FOUND, ERR_MODEL_MISSING, ERR_MODEL_CAPABILITY */
export async function evaluateZeroShot(options: ZeroShotOptions): Promise<ZeroShotEvaluation> {
  const expected =
    '{"about"?, "templates": ["a photo of a {}"], "classes": […], "images": [{"image", "label"}]}';
  const { about, templates, classes, images } = await readJsonFile(options.file, schema, expected);
  const labels = images.map(({ image, label }) => {
    const place = classes.indexOf(label);
    if (place >= 0) return place;
    const message = `The label ${label} of ${image} is none of the classes in ${options.file}.`;
    throw new SightlineError('ERR_DATASET_INVALID', message, { details: { image, label } });
  });
  await using encoder = await openEncoder(options);
  const described: Float32Array[] = [];
  for (const [done, name] of classes.entries()) {
    options.signal?.throwIfAborted();
    const prompts = templates.map((template) => template.replaceAll('{}', name));
    described.push(await promptEmbedding(encoder.dual, prompts));
    options.onProgress?.('describing classes', done + 1, classes.length);
  }
  const files = images.map(({ image }) => image);
  const ranks = classRanks(await embedPictures(encoder, options.images, files, options), described, labels);
  return {
    model: encoder.bundle.manifest.id,
    ...(about !== undefined && { about }),
    images: images.length,
    classes: classes.length,
    templates: templates.length,
    top1: accuracy(ranks, 1),
    top5: accuracy(ranks, 5),
    chance: PERCENT / classes.length,
  };
}
