/**
 * How likely a captioning model is to say the text of the picture.
 *
 * The bare log-probability of a text is a poor judge: long texts are unlikely, so it is divided by the number of words;
 * common sentences are likely of anything, so what the text gets on empty pictures is taken off (that orders the captions of
 * one picture); and some pictures make every sentence likely, so what a few probe sentences get on the picture is taken off,
 * too (that orders the pictures for one text). Either correction is the same number for all candidates in the other
 * direction and does no harm there.
 *
 * The picture never sees the text: its keys and values are computed once and kept.
 */
import { LruCache } from '../../core/lru-cache.js';
import { pixelTensor } from '../dual-encoder.js';
import type { Tensors } from '../runtime/messages.js';
import type { Urgency } from '../runtime/session-host.js';
import { equalLengths } from './equal-lengths.js';
import type { ImageTextPair, PairImage, PairScorer } from './pair-scorer.js';
import { floats, type ScorerParts } from './scorer-parts.js';

const TEXT_BATCH = 16;
const CHANNELS = 3;
/** Kept priors are a number each. */
const PRIORS = 100_000;

/** Sentences of everyday photos that have little in common. */
const PROBE_CAPTIONS: readonly string[] = [
  'a person standing outside',
  'an animal on the grass',
  'a street with buildings and cars',
  'food on a table in a room',
];

/** Levels of grey of the empty pictures. */
const EMPTY_PICTURES: readonly number[] = [0, 128, 255];

/** What one graph gives of a picture and the other takes: keys and values, and what may come first. */
type ImageStore = Tensors;

const bytesOf = (store: ImageStore): number =>
  Object.values(store).reduce((sum, { data }) => sum + data.byteLength, 0);
const mean = (values: readonly number[]): number => values.reduce((sum, v) => sum + v, 0) / values.length;

export class CaptionScorer implements PairScorer {
  readonly name = 'caption';
  readonly #parts: ScorerParts;
  readonly #stores: LruCache<ImageStore>;
  readonly #imagePriors = new LruCache<number>(PRIORS, () => 1);
  readonly #textPriors = new LruCache<number>(PRIORS, () => 1);

  /** @param cacheBytes for keys and values of pictures */
  constructor(parts: ScorerParts, cacheBytes: number) {
    this.#parts = parts;
    this.#stores = new LruCache(cacheBytes, bytesOf);
  }

  /** Log-probability of a word, on average, above what text and picture get from others. */
  async score(pairs: readonly ImageTextPair[], urgency: Urgency = 'batch'): Promise<number[]> {
    const scores: number[] = [];
    const textPriors = new Map<string, number>();
    for (const text of new Set(pairs.map((pair) => pair.text)))
      textPriors.set(text, await this.#textPrior(text, urgency));
    for (const [image, places] of placesByImage(pairs)) {
      const prior = await this.#imagePrior(image, urgency);
      const texts = places.map((place) => (pairs[place] as ImageTextPair).text);
      const likelihoods = await this.#likelihoods(image, texts, urgency);
      for (const [index, place] of places.entries()) {
        const own = likelihoods[index] as number;
        scores[place] = own - (textPriors.get(texts[index] as string) as number) - prior;
      }
    }
    return scores;
  }

  /** Mean log-probability of the words of each text. */
  async #likelihoods(image: PairImage, texts: readonly string[], urgency: Urgency): Promise<number[]> {
    const store = await this.#store(image, urgency);
    const ids = texts.map((text) => this.#parts.tokenize(text));
    const groups = equalLengths(
      ids.map(({ length }) => length),
      TEXT_BATCH,
    );
    const means: number[] = [];
    for (const places of groups) {
      const text: Tensors = this.#parts.textFeeds(places.map((place) => ids[place] ?? []));
      const feeds = { ...text, ...store };
      const { data } = floats(await this.#parts.run('caption-score', feeds, urgency), 'token_log_probs');
      const words = data.length / places.length;
      for (const [row, place] of places.entries())
        means[place] = mean([...data.subarray(row * words, (row + 1) * words)]);
    }
    return means;
  }

  async #store(image: PairImage, urgency: Urgency): Promise<ImageStore> {
    const kept = this.#stores.get(image.key);
    if (kept !== undefined) return kept;
    const pixels = pixelTensor([await image.pixels()], this.#parts.imageSize);
    const store = await this.#parts.run('caption-image', { pixels }, urgency);
    this.#stores.set(image.key, store);
    return store;
  }

  async #imagePrior(image: PairImage, urgency: Urgency): Promise<number> {
    const kept = this.#imagePriors.get(image.key);
    if (kept !== undefined) return kept;
    const prior = mean(await this.#likelihoods(image, PROBE_CAPTIONS, urgency));
    this.#imagePriors.set(image.key, prior);
    return prior;
  }

  async #textPrior(text: string, urgency: Urgency): Promise<number> {
    const kept = this.#textPriors.get(text);
    if (kept !== undefined) return kept;
    const side = this.#parts.imageSize;
    const likelihoods: number[] = [];
    for (const grey of EMPTY_PICTURES) {
      const pixels = async (): Promise<Uint8Array> => new Uint8Array(side * side * CHANNELS).fill(grey);
      likelihoods.push(...(await this.#likelihoods({ key: `empty ${grey}`, pixels }, [text], urgency)));
    }
    const prior = mean(likelihoods);
    this.#textPriors.set(text, prior);
    return prior;
  }
}

/** Where each picture stands in a list of pairs. */
function placesByImage(pairs: readonly ImageTextPair[]): Map<PairImage, number[]> {
  const images = new Map<string, PairImage>();
  const places = new Map<PairImage, number[]>();
  for (const [place, { image }] of pairs.entries()) {
    const first = images.get(image.key) ?? image;
    images.set(image.key, first);
    places.set(first, [...(places.get(first) ?? []), place]);
  }
  return places;
}
