import type { Tensors, WireTensor } from '../runtime/messages.js';
import { floats, type FloatTensor } from '../scorers/scorer-parts.js';
import type { Continuation, MaskedPredictor } from './beam-search.js';

/** Runs one of the captioning graphs. */
export type RunGraph = (graph: 'caption-prefill' | 'caption-step', feeds: Tensors) => Promise<Tensors>;

export interface CachedPredictorOptions {
  readonly run: RunGraph;
  /** One picture, [1, S, S, 3]. */
  readonly pixels: WireTensor;
  /** Id of `<s>`. */
  readonly startToken: number;
  readonly maskToken: number;
}

/** Rows of the first axis, in the order asked for; one may be asked for more than once. */
function chosenRows(tensor: FloatTensor, rows: readonly number[]): WireTensor {
  const [count = 1, ...inner] = tensor.dims;
  const size = tensor.data.length / count;
  const data = new Float32Array(rows.length * size);
  for (const [place, row] of rows.entries())
    data.set(tensor.data.subarray(row * size, (row + 1) * size), place * size);
  return { type: 'float32', dims: [rows.length, ...inner], data };
}

/** Logits of the last position of each row of [N, T, V]. */
function lastLogits({ data, dims }: FloatTensor): Float32Array[] {
  const [count = 0, length = 0, vocabulary = 0] = dims;
  return Array.from({ length: count }, (_, row) => {
    const end = (row + 1) * length * vocabulary;
    return data.slice(end - vocabulary, end);
  });
}

function tokens(ids: readonly number[], length: number): WireTensor {
  return { type: 'int64', dims: [ids.length / length, length], data: BigInt64Array.from(ids, BigInt) };
}

/**
 * Fills in masks behind a picture by two tokens a step: the keys and values of the picture and of the words so far are kept
 * from run to run. A full pass over the same words gives the same logits.
 */
export class CachedPredictor implements MaskedPredictor {
  readonly #options: CachedPredictorOptions;
  #image: Tensors = {};
  #text: Tensors = {};

  constructor(options: CachedPredictorOptions) {
    this.#options = options;
  }

  async start(): Promise<Float32Array> {
    const { run, pixels, startToken, maskToken } = this.#options;
    const input_ids = tokens([startToken, maskToken], 2);
    const outputs = await run('caption-prefill', { pixels, input_ids });
    this.#image = {
      image_keys: floats(outputs, 'image_keys'),
      image_values: floats(outputs, 'image_values'),
    };
    this.#text = outputs;
    return lastLogits(floats(outputs, 'caption_logits'))[0] as Float32Array;
  }

  async next(rows: readonly Continuation[]): Promise<Float32Array[]> {
    const { run, maskToken } = this.#options;
    const sources = rows.map(({ from }) => from);
    const outputs = await run('caption-step', {
      ...this.#image,
      past_keys: chosenRows(floats(this.#text, 'text_keys'), sources),
      past_values: chosenRows(floats(this.#text, 'text_values'), sources),
      input_ids: tokens(
        rows.flatMap(({ word }) => [word, maskToken]),
        2,
      ),
    });
    this.#text = outputs;
    return lastLogits(floats(outputs, 'caption_logits'));
  }
}
