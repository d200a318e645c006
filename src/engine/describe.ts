import { asSightlineError, type ErrorCode } from '../core/errors.js';
import { type ModelChoice, openEncoder } from './models.js';
import { pixelsOf, readPicture } from './query-embedding.js';

/** What a model says that a picture file shows, or why the file cannot be read. */
export type Description =
  | { readonly image: string; readonly caption: string; readonly logProbability: number }
  | { readonly image: string; readonly code: ErrorCode; readonly reason: string };

export interface DescribeOptions extends ModelChoice {
  readonly signal?: AbortSignal | undefined;
}

/**
 * A caption of each picture file, in the order given, without a library. A file that cannot be read is told of and left.
 * @throws ERR_MODEL_MISSING, ERR_MODEL_INVALID, ERR_MODEL_CAPABILITY where the model writes no captions, ERR_ENCODER_FAILED, the
 * signal's reason
 */
export async function* describeFiles(
  paths: readonly string[],
  { signal, ...choice }: DescribeOptions,
): AsyncGenerator<Description> {
  await using encoder = await openEncoder(choice);
  const { captioner } = encoder;
  for (const image of paths) {
    signal?.throwIfAborted();
    let pixels: Uint8Array;
    try {
      pixels = await pixelsOf(await readPicture(image), encoder);
    } catch (error) {
      const { code, message } = asSightlineError(error);
      yield { image, code, reason: message };
      continue;
    }
    const { text, logProbability } = await captioner.describe(pixels);
    yield { image, caption: text, logProbability };
  }
}
