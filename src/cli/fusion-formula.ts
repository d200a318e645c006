import { type Direction, DIRECTIONS, type Fusion } from '../core/fusion.js';

const WORDS: Readonly<Record<Direction, string>> = {
  textToImage: 'text → image',
  imageToText: 'image → text',
};

/** How scores become one, a formula for each direction. */
export function fusionFormulas({ scorer, ...fusion }: Fusion): { direction: string; formula: string }[] {
  return DIRECTIONS.map((direction) => {
    const { scale, weight, bias, temperature } = fusion[direction];
    const [a, b, c, d] = [scale, weight, bias, temperature].map((value) => value.toPrecision(4));
    return {
      direction: WORDS[direction],
      formula: `(${a} · similarity + ${b} · ${scorer} + ${c}) / ${d}`,
    };
  });
}
