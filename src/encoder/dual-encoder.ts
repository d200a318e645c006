import type { DualEncoder, EmbedOptions } from '../core/ports.js';
import { type Bundle, bundlePath, graphFile } from './bundle.js';
import type { Tensors, WireTensor } from './runtime/messages.js';
import { RunBatcher } from './runtime/run-batcher.js';
import type { SessionHost, Urgency } from './runtime/session-host.js';
import { rowsOf } from './runtime/wire-rows.js';
import { tokenBatch } from './token-batch.js';
import type { Tokenizer } from './tokenizer/tokenizer.js';

/** Pictures in one run. More would not make a picture cheaper, and a query waits for the run in hand. */
const IMAGE_BATCH = 4;
const TEXT_BATCH = 32;
const CHANNELS = 3;

function assertPixels(image: Uint8Array, size: number): void {
  const bytes = size * size * CHANNELS;
  if (image.length !== bytes)
    throw new RangeError(`Expected ${bytes} bytes of pixels but received ${image.length}.`);
}

/** [N, S, S, 3] from N pictures. */
export function pixelTensor(images: readonly Uint8Array[], size: number): WireTensor {
  const bytes = size * size * CHANNELS;
  const data = new Uint8Array(images.length * bytes);
  for (const [index, image] of images.entries()) {
    assertPixels(image, size);
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
  readonly #sessions: Record<Urgency, SessionHost>;
  readonly #images: RunBatcher<Uint8Array, Float32Array>;
  readonly #texts: RunBatcher<readonly number[], Float32Array>;

  constructor(bundle: Bundle, tokenizer: Tokenizer, sessions: SessionHost) {
    this.modelId = bundle.manifest.id;
    this.dimensions = bundle.manifest.dimensions;
    this.imageSize = bundle.manifest.imageSize;
    this.#bundle = bundle;
    this.#tokenizer = tokenizer;
    this.#sessions = { query: sessions, batch: sessions, background: sessions };
    this.#images = new RunBatcher({
      limit: IMAGE_BATCH,
      run: (images, urgency) =>
        this.#embed('image', { pixels: pixelTensor(images, this.imageSize) }, urgency),
    });
    this.#texts = new RunBatcher({
      limit: TEXT_BATCH,
      run: (texts, urgency) => this.#embed('text', tokenBatch(texts, tokenizer.padId), urgency),
    });
  }

  async embedImages(images: readonly Uint8Array[], options: EmbedOptions = {}): Promise<Float32Array[]> {
    for (const image of images) assertPixels(image, this.imageSize);
    return this.#images.submit(images, urgencyOf(images, options));
  }

  /** Other sessions for what nobody waits for. */
  workInBackgroundWith(sessions: SessionHost): void {
    this.#sessions.background = sessions;
  }

  /** Texts of like length share a run, so that little of it is padding. */
  async embedTexts(
    texts: readonly string[],
    options: EmbedOptions = {},
  ): Promise<{ embeddings: Float32Array[]; truncated: boolean[] }> {
    const tokenized = texts.map((text) => this.#tokenizer.tokenize(text, this.#bundle.manifest.maxTokens));
    const order = [...tokenized.keys()].toSorted((a, b) => lengthAt(tokenized, a) - lengthAt(tokenized, b));
    const ids = order.map((place) => tokenized[place]?.ids ?? []);
    const rows = await this.#texts.submit(ids, urgencyOf(texts, options));
    const embeddings: Float32Array[] = [];
    for (const [row, place] of order.entries()) embeddings[place] = rows[row] as Float32Array;
    return { embeddings, truncated: tokenized.map(({ truncated }) => truncated) };
  }

  async #embed(graph: 'image' | 'text', feeds: Tensors, urgency: Urgency): Promise<Float32Array[]> {
    const path = bundlePath(this.#bundle, graphFile(graph));
    const outputs = await this.#sessions[urgency].run(path, feeds, urgency);
    return rowsOf(outputs['embedding'], 'embedding');
  }
}

/** Of what somebody waits for, a single one is a query. */
function urgencyOf(items: readonly unknown[], { background = false }: EmbedOptions): Urgency {
  if (background) return 'background';
  return items.length === 1 ? 'query' : 'batch';
}

function lengthAt(tokenized: readonly { readonly ids: readonly number[] }[], place: number): number {
  return tokenized[place]?.ids.length ?? 0;
}
