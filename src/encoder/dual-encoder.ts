import type { DualEncoder } from '../core/ports.js';
import { type Bundle, bundlePath, graphFile } from './bundle.js';
import type { Tensors, WireTensor } from './runtime/messages.js';
import type { SessionHost, Urgency } from './runtime/session-host.js';
import { tokenBatch } from './token-batch.js';
import type { Tokenizer } from './tokenizer/tokenizer.js';

/** Pictures in one run. More would not make a picture cheaper, and a query waits for the run in hand. */
const IMAGE_BATCH = 4;
const TEXT_BATCH = 32;
const CHANNELS = 3;

/** The rows of a [N, D] output, as arrays of their own. */
function rowsOf(output: WireTensor | undefined, name: string): Float32Array[] {
  if (!(output?.data instanceof Float32Array))
    throw new TypeError(`Expected a float32 output ${name} of the graph.`);
  const [count = 0, width = 0] = output.dims;
  const data = output.data;
  return Array.from({ length: count }, (_, row) => data.slice(row * width, (row + 1) * width));
}

/** [N, S, S, 3] from N pictures. */
export function pixelTensor(images: readonly Uint8Array[], size: number): WireTensor {
  const bytes = size * size * CHANNELS;
  const data = new Uint8Array(images.length * bytes);
  for (const [index, image] of images.entries()) {
    if (image.length !== bytes)
      throw new RangeError(`Expected ${bytes} bytes of pixels but received ${image.length}.`);
    data.set(image, index * bytes);
  }
  return { type: 'uint8', dims: [images.length, size, size, CHANNELS], data };
}

/** BEiT-3 as two towers: photos and texts become unit vectors of one space. */
export class BundleDualEncoder implements DualEncoder {
  readonly modelId: string;
  readonly dimensions: number;
  readonly imageSize: number;
  readonly #bundle: Bundle;
  readonly #tokenizer: Tokenizer;
  readonly #sessions: SessionHost;

  constructor(bundle: Bundle, tokenizer: Tokenizer, sessions: SessionHost) {
    this.modelId = bundle.manifest.id;
    this.dimensions = bundle.manifest.dimensions;
    this.imageSize = bundle.manifest.imageSize;
    this.#bundle = bundle;
    this.#tokenizer = tokenizer;
    this.#sessions = sessions;
  }

  async embedImages(images: readonly Uint8Array[]): Promise<Float32Array[]> {
    const urgency = images.length === 1 ? 'query' : 'batch';
    const runs: Promise<Float32Array[]>[] = [];
    for (let start = 0; start < images.length; start += IMAGE_BATCH) {
      const pixels = pixelTensor(images.slice(start, start + IMAGE_BATCH), this.imageSize);
      runs.push(this.#embed('image', { pixels }, urgency));
    }
    return (await Promise.all(runs)).flat();
  }

  /** Texts of like length share a run, so that little of it is padding. */
  async embedTexts(texts: readonly string[]): Promise<{ embeddings: Float32Array[]; truncated: boolean[] }> {
    const urgency = texts.length === 1 ? 'query' : 'batch';
    const tokenized = texts.map((text) => this.#tokenizer.tokenize(text, this.#bundle.manifest.maxTokens));
    const order = [...tokenized.keys()].toSorted((a, b) => lengthAt(tokenized, a) - lengthAt(tokenized, b));
    const embeddings: Float32Array[] = [];
    const runs: Promise<void>[] = [];
    for (let start = 0; start < order.length; start += TEXT_BATCH) {
      const places = order.slice(start, start + TEXT_BATCH);
      const feeds = tokenBatch(
        places.map((place) => tokenized[place]?.ids ?? []),
        this.#tokenizer.padId,
      );
      runs.push(
        this.#embed('text', feeds, urgency).then((rows) => {
          for (const [row, place] of places.entries()) embeddings[place] = rows[row] as Float32Array;
        }),
      );
    }
    await Promise.all(runs);
    return { embeddings, truncated: tokenized.map(({ truncated }) => truncated) };
  }

  async #embed(graph: 'image' | 'text', feeds: Tensors, urgency: Urgency): Promise<Float32Array[]> {
    const outputs = await this.#sessions.run(bundlePath(this.#bundle, graphFile(graph)), feeds, urgency);
    return rowsOf(outputs['embedding'], 'embedding');
  }
}

function lengthAt(tokenized: readonly { readonly ids: readonly number[] }[], place: number): number {
  return tokenized[place]?.ids.length ?? 0;
}
