/**
 * Picture and text in the backbone together, every word looking at every patch, under a head that gives two numbers of
 * interest: match and no match, or the answers yes and no to a question about the picture.
 */
import type { ScorerName } from '../../core/fusion.js';
import { pixelTensor } from '../dual-encoder.js';
import type { Urgency } from '../runtime/session-host.js';
import { equalLengths } from './equal-lengths.js';
import type { ImageTextPair, PairScorer } from './pair-scorer.js';
import { floats, type ScorerParts } from './scorer-parts.js';

/** Pairs in one run. More would not make a pair cheaper, and whoever waits for the first ones waits for all. */
const PAIR_BATCH = 8;

export interface FusedHead {
  readonly name: ScorerName;
  readonly output: 'match_logits' | 'answer_logits';
  readonly yes: number;
  readonly no: number;
  /** The text that is read for a query. */
  readonly reading: (text: string) => string;
}

export const MATCH_HEAD: FusedHead = {
  name: 'match',
  output: 'match_logits',
  yes: 1,
  no: 0,
  reading: (text) => text,
};

export class FusedScorer implements PairScorer {
  readonly name: ScorerName;
  readonly #parts: ScorerParts;
  readonly #head: FusedHead;

  constructor(parts: ScorerParts, head: FusedHead) {
    this.name = head.name;
    this.#parts = parts;
    this.#head = head;
  }

  /** Log-odds of yes, for each pair. */
  async score(pairs: readonly ImageTextPair[], urgency: Urgency = 'batch'): Promise<number[]> {
    const tokenized = new Map<string, readonly number[]>();
    const ids = pairs.map(({ text }) => {
      const known = tokenized.get(text) ?? this.#parts.tokenize(this.#head.reading(text));
      tokenized.set(text, known);
      return known;
    });
    const scores: number[] = [];
    const groups = equalLengths(
      ids.map(({ length }) => length),
      PAIR_BATCH,
    );
    const runs = groups.map(async (places) => {
      const images = await Promise.all(places.map((place) => (pairs[place] as ImageTextPair).image.pixels()));
      const text = this.#parts.textFeeds(places.map((place) => ids[place] ?? []));
      const feeds = { pixels: pixelTensor(images, this.#parts.imageSize), ...text };
      const logits = floats(await this.#parts.run('fused', feeds, urgency), this.#head.output);
      const classes = logits.data.length / places.length;
      for (const [row, place] of places.entries()) {
        const at = (index: number): number => logits.data[row * classes + index] as number;
        scores[place] = at(this.#head.yes) - at(this.#head.no);
      }
    });
    await Promise.all(runs);
    return scores;
  }
}
