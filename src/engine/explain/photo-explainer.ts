import { LruCache } from '../../core/lru-cache.js';
import type { Photo } from '../../core/item.js';
import type { Encoder } from '../../encoder/mod.js';
import { checkedText } from '../query-embedding.js';
import type { PhotoPixels } from '../rerank/photo-pixels.js';
import { type Explanation, explain } from './explanation.js';
import { chosenScore, type Explainable, judgeOf } from './judge.js';

/** Grids of a few dozen numbers each, with their words. */
const KEPT_BYTES = 8 * 1024 * 1024;
const bytesOf = ({ words, relevance }: Explanation): number =>
  (words.length + 1) * relevance.values.length * 8;

export interface ExplainOptions {
  /** Default: what the hits are ordered by, unless it is asked otherwise. */
  readonly by?: Explainable | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Tells why photos fit texts, by what the model made of the photo with parts of it covered. */
export class PhotoExplainer {
  readonly #encoder: Encoder;
  readonly #photos: PhotoPixels;
  readonly #kept = new LruCache<Explanation>(KEPT_BYTES, bytesOf);

  constructor(encoder: Encoder, photos: PhotoPixels) {
    this.#encoder = encoder;
    this.#photos = photos;
  }

  /** @throws ERR_QUERY_EMPTY, ERR_QUERY_TOO_LONG, ERR_REQUEST_INVALID, ERR_MODEL_CAPABILITY, ERR_FILE_GONE, ERR_FILE_CHANGED */
  async explain(photo: Photo, text: string, { by, signal }: ExplainOptions = {}): Promise<Explanation> {
    const asked = checkedText(text);
    const { manifest } = this.#encoder.bundle;
    const { imageSize, patchSize } = manifest;
    const chosen = chosenScore(manifest, by);
    const key = `${photo.contentHash} ${chosen} ${asked}`;
    const kept = this.#kept.get(key);
    if (kept) return kept;
    const judge = judgeOf(this.#encoder, chosen, photo.contentHash);
    const picture = { pixels: await this.#photos.image(photo).pixels(), size: imageSize };
    signal?.throwIfAborted();
    const patches = imageSize / patchSize;
    const explanation = await explain({ picture, patches, text: asked, by: chosen, judge });
    this.#kept.set(key, explanation);
    return explanation;
  }
}
