/**
 * Late interaction of words and patches: each word looks for the patch that fits it best, and the score is the mean of what
 * the words find. Both towers stay apart, as for the embedding, so rows of patches are computed once for a picture and kept;
 * what is compared is every row, projected like the class token. The rows were not trained for it: whether it helps a model
 * is measured, not promised.
 */
import { LruCache } from '../../core/lru-cache.js';
import { pixelTensor } from '../dual-encoder.js';
import type { Urgency } from '../runtime/session-host.js';
import type { ImageTextPair, PairImage, PairScorer } from './pair-scorer.js';
import { floats, type ScorerParts } from './scorer-parts.js';

const IMAGE_BATCH = 8;
/** Rows of texts: a few dozen queries. */
const TEXT_CACHE = 16 * 1024 * 1024;

/** Unit vectors, one after the other. */
type Rows = Float32Array;

const bytesOf = (rows: Rows): number => rows.byteLength;

export class InteractionScorer implements PairScorer {
  readonly name = 'interaction';
  readonly #parts: ScorerParts;
  readonly #patches: LruCache<Rows>;
  readonly #words = new LruCache<Rows>(TEXT_CACHE, bytesOf);

  /** @param cacheBytes for rows of patches */
  constructor(parts: ScorerParts, cacheBytes: number) {
    this.#parts = parts;
    this.#patches = new LruCache(cacheBytes, bytesOf);
  }

  /** Mean over the words of the best cosine with a patch. */
  async score(pairs: readonly ImageTextPair[], urgency: Urgency = 'batch'): Promise<number[]> {
    const images = new Map(pairs.map(({ image }) => [image.key, image]));
    const patches = await this.#patchRows([...images.values()], urgency);
    const words = new Map<string, Rows>();
    for (const text of new Set(pairs.map((pair) => pair.text)))
      words.set(text, await this.wordRows(text, urgency));
    const width = this.#parts.bundle.manifest.dimensions;
    return pairs.map(({ image, text }) =>
      meanOfBest(words.get(text) as Rows, patches.get(image.key) as Rows, width),
    );
  }

  /** The words of a text without `<s>` and `</s>`; those two alone where there are no words. */
  async wordRows(text: string, urgency: Urgency = 'batch'): Promise<Rows> {
    const kept = this.#words.get(text);
    if (kept !== undefined) return kept;
    const ids = this.#parts.tokenize(text);
    const outputs = await this.#parts.run('text-rows', this.#parts.textFeeds([ids]), urgency);
    const { data } = floats(outputs, 'row_embeddings');
    const width = data.length / ids.length;
    const rows = ids.length > 2 ? data.slice(width, -width) : data.slice();
    this.#words.set(text, rows);
    return rows;
  }

  /** Rows of the patches, without the class token, by the pictures' keys. */
  async #patchRows(images: readonly PairImage[], urgency: Urgency): Promise<Map<string, Rows>> {
    const rows = new Map<string, Rows>();
    const missing: PairImage[] = [];
    for (const image of images) {
      const kept = this.#patches.get(image.key);
      if (kept === undefined) missing.push(image);
      else rows.set(image.key, kept);
    }
    for (let start = 0; start < missing.length; start += IMAGE_BATCH) {
      const batch = missing.slice(start, start + IMAGE_BATCH);
      const pixels = await Promise.all(batch.map((image) => image.pixels()));
      const feeds = { pixels: pixelTensor(pixels, this.#parts.imageSize) };
      const { data } = floats(await this.#parts.run('image-rows', feeds, urgency), 'row_embeddings');
      const size = data.length / batch.length;
      const width = this.#parts.bundle.manifest.dimensions;
      for (const [place, { key }] of batch.entries()) {
        const patches = data.slice(place * size + width, (place + 1) * size);
        this.#patches.set(key, patches);
        rows.set(key, patches);
      }
    }
    return rows;
  }
}

function meanOfBest(words: Rows, patches: Rows, width: number): number {
  let sum = 0;
  for (let word = 0; word < words.length; word += width) {
    let best = -1;
    for (let patch = 0; patch < patches.length; patch += width) {
      let cosine = 0;
      for (let i = 0; i < width; i++) cosine += (words[word + i] as number) * (patches[patch + i] as number);
      if (cosine > best) best = cosine;
    }
    sum += best;
  }
  return sum / (words.length / width);
}
