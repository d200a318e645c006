import type { ImageTextPair, PairImage, PairScorer } from '#src/encoder/mod.js';

/** A scorer that anyone can check by hand: the first pixel's red, and a tenth for every character of the text. */
export class BrightnessScorer implements PairScorer {
  readonly name = 'match';
  /** How many pairs each call had. */
  readonly calls: number[] = [];
  readonly #gate: () => Promise<unknown>;

  /** @param gate awaited before each batch is answered */
  constructor(gate: () => Promise<unknown> = () => Promise.resolve()) {
    this.#gate = gate;
  }

  async score(pairs: readonly ImageTextPair[]): Promise<number[]> {
    this.calls.push(pairs.length);
    await this.#gate();
    return Promise.all(
      pairs.map(async ({ image, text }) => ((await image.pixels())[0] as number) + text.length / 10),
    );
  }
}

export const plainImage = (red: number): PairImage => ({
  key: `red ${red}`,
  pixels: async () => Uint8Array.of(red, 0, 0),
});

export const goneImage: PairImage = { key: 'gone', pixels: () => Promise.reject(new Error('gone')) };
