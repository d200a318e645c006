import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { pathError, SightlineError } from '../core/errors.js';
import { didYouMean } from '../core/typo.js';

/** Images of one split with all their captions. */
export interface CaptionedImages {
  readonly files: readonly string[];
  readonly captions: readonly string[];
  /** Index into `files` of each caption's image. */
  readonly imageOf: readonly number[];
}

interface Entry {
  readonly filename: string;
  readonly split: string;
  readonly sentences: readonly { readonly raw: string }[];
}

const schema: z.ZodType<{ images: Entry[] }> = z.looseObject({
  images: z.array(
    z.looseObject({
      filename: z.string(),
      split: z.string(),
      sentences: z.array(z.looseObject({ raw: z.string() })),
    }),
  ),
});

/** Reads a split of a dataset in the Karpathy format. @throws ERR_DATASET_INVALID, ERR_PATH_NOT_FOUND */
export async function readKarpathySplit(path: string, split: string): Promise<CaptionedImages> {
  const source = await readFile(path, 'utf8').catch((error: unknown) => {
    throw pathError(error, path, 'ERR_DATASET_INVALID');
  });
  let parsed: ReturnType<typeof schema.safeParse>;
  try {
    parsed = schema.safeParse(JSON.parse(source));
  } catch (error) {
    throw new SightlineError(
      'ERR_DATASET_INVALID',
      `${path} is not JSON. Expected a dataset in the Karpathy format.`,
      {
        cause: error,
      },
    );
  }
  if (!parsed.success) {
    const message = `${path} is not a dataset in the Karpathy format:\n${z.prettifyError(parsed.error)}`;
    throw new SightlineError('ERR_DATASET_INVALID', message);
  }
  const entries = parsed.data.images.filter((image) => image.split === split);
  if (entries.length === 0) {
    const splits = [...new Set(parsed.data.images.map((image) => image.split))];
    const message = `${path} has no images in a split ${split}.${didYouMean(split, splits)} Splits: ${splits.join(', ')}.`;
    throw new SightlineError('ERR_DATASET_INVALID', message, { details: { split, splits } });
  }
  return {
    files: entries.map(({ filename }) => filename),
    captions: entries.flatMap(({ sentences }) => sentences.map(({ raw }) => raw)),
    imageOf: entries.flatMap(({ sentences }, index) => sentences.map(() => index)),
  };
}
