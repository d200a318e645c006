import { DIRECTION_WORDS, DIRECTIONS, type Fusion } from '../core/fusion.js';

/** How scores become one, a formula for each direction. */
export function fusionFormulas({ scorer, ...fusion }: Fusion): { direction: string; formula: string }[] {
  return DIRECTIONS.map((direction) => {
    const { scale, weight, bias, temperature, hubness } = fusion[direction];
    const similarity = hubness === undefined ? 'similarity' : `(similarity − ${hubness} · hubness)`;
    const [a, b, c, d] = [scale, weight, bias, temperature].map((value) => value.toPrecision(4));
    return {
      direction: DIRECTION_WORDS[direction],
      formula: `(${a} · ${similarity} + ${b} · ${scorer} + ${c}) / ${d}`,
    };
  });
}
