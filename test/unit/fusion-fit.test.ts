import { describe, expect, it } from 'vitest';
import { fusedLogit, probability } from '#src/core/fusion.js';
import { meanInterval, seededRandom } from '#src/engine/rerank/bootstrap.js';
import { calibration, fitFusion } from '#src/engine/rerank/fusion-fit.js';
import { fusedOrder, gate, liftOf, measuredRetrieval } from '#src/engine/rerank/lift.js';
import { minimum } from '#src/engine/rerank/newton.js';
import { reliability } from '#src/engine/rerank/reliability.js';
import {
  type Pair,
  rerankedRank,
  rerankQueries,
  type RerankQueries,
} from '#src/engine/rerank/rerank-queries.js';

const IMAGES = 60;
const CAPTIONS_EACH = 2;
const DEPTH = 10;

function normal(random: () => number): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

/** Pictures and captions with noisy similarities, and a second score that knows more (or nothing). */
function drawnQueries(seed: number, knowledge: number): { queries: RerankQueries; fused: number[] } {
  const random = seededRandom(seed);
  const captions = IMAGES * CAPTIONS_EACH;
  const imageOf = Array.from({ length: captions }, (_, caption) => Math.floor(caption / CAPTIONS_EACH));
  const scores = Float32Array.from({ length: IMAGES * captions }, (_, place) => {
    const own = imageOf[place % captions] === Math.floor(place / captions);
    return 0.1 * ((own ? 1 : 0) + 0.7 * normal(random));
  });
  const queries = rerankQueries({ images: IMAGES, captions, imageOf, scores }, DEPTH);
  const fused = queries.pairs.map(({ image, caption }) => {
    const own = imageOf[caption] === image ? 1 : 0;
    return 5 + knowledge * own + normal(random);
  });
  return { queries, fused };
}

/** Some pictures are nearer to every caption than others are, by twice what is told of them. */
function drawnHubs(seed: number): {
  table: Parameters<typeof rerankQueries>[0];
  fused: (pair: Pair) => number;
  hubness: number[];
} {
  const random = seededRandom(seed);
  const captions = IMAGES * CAPTIONS_EACH;
  const imageOf = Array.from({ length: captions }, (_, caption) => Math.floor(caption / CAPTIONS_EACH));
  const hubness = Array.from({ length: IMAGES }, () => 0.3 + 0.2 * normal(random));
  const scores = Float32Array.from({ length: IMAGES * captions }, (_, place) => {
    const image = Math.floor(place / captions);
    const own = imageOf[place % captions] === image ? 0.1 : 0;
    return own + 0.5 * (hubness[image] as number) + 0.03 * normal(random);
  });
  const noise = Float32Array.from({ length: IMAGES * captions }, () => normal(random));
  const fused = ({ image, caption }: Pair): number =>
    (imageOf[caption] === image ? 1 : 0) + (noise[image * captions + caption] as number);
  return { table: { images: IMAGES, captions, imageOf, scores }, fused, hubness };
}

const DESCRIBED = { data: 'drawn queries', depth: DEPTH };

describe('queries of a captioned set', () => {
  it('may be fewer, spread over all, and each looks for its answer among all', () => {
    const captions = 12;
    const imageOf = Array.from({ length: captions }, (_, caption) => Math.floor(caption / 2));
    const scores = Float32Array.from({ length: 6 * captions }, (_, place) => Math.sin(place * place));
    const table = { images: 6, captions, imageOf, scores };
    const all = rerankQueries(table, 3);
    const some = rerankQueries(table, 3, [], 4);
    const plain = ({ rank, group, candidates }: RerankQueries['textToImage'][number]): unknown => [
      rank,
      group,
      candidates.map(({ similarity, relevant }) => [similarity, relevant]),
    ];
    expect(some.textToImage.map(plain)).toEqual([0, 3, 6, 9].map((i) => plain(all.textToImage[i] as never)));
    expect(some.imageToText.map(plain)).toEqual([0, 2, 4].map((i) => plain(all.imageToText[i] as never)));
    expect(some.pairs.length).toBeLessThan(all.pairs.length);
  });
});

describe('fitting', () => {
  it('finds the least of a convex function', () => {
    const at = ([a, b]: readonly [number, number]) => ({
      value: Math.cosh(a - 3) + (b + 1) ** 2,
      gradient: [Math.sinh(a - 3), 2 * (b + 1)] as const,
      hessian: [Math.cosh(a - 3), 0, 2] as const,
    });
    const [a, b] = minimum(at, [0, 0]);
    expect(a).toBeCloseTo(3, 5);
    expect(b).toBeCloseTo(-1, 5);
  });

  it('weighs a score that knows something, and lifts queries it has not seen', () => {
    const fitted = drawnQueries(1, 3);
    const fusion = fitFusion('match', fitted.queries, fitted.fused);
    expect(fusion.textToImage.weight).toBeGreaterThan(1);
    expect(fusion.imageToText.weight).toBeGreaterThan(1);
    const held = drawnQueries(2, 3);
    const order = fusedOrder(fusion, held.fused);
    const lift = liftOf(held.queries, order, DESCRIBED);
    expect(lift.textToImage.low).toBeGreaterThan(0);
    expect(lift.calibrationError).toBeLessThan(0.05);
    expect(gate(fusion, lift)).toMatchObject({ default: true });
    const dual = measuredRetrieval(held.queries);
    const both = measuredRetrieval(held.queries, order);
    expect(both.textToImage.interval.low).toBeGreaterThan(dual.textToImage.interval.high);
    expect(lift.textToImage).toMatchObject({ before: dual.textToImage.R1, after: both.textToImage.R1 });
  });

  it('does not believe a score that knows nothing, and says so', () => {
    const fitted = drawnQueries(3, 0);
    const fusion = fitFusion('match', fitted.queries, fitted.fused);
    expect(fusion.textToImage.weight).toBeLessThan(0.3);
    const held = drawnQueries(4, 0);
    const verdict = gate(fusion, liftOf(held.queries, fusedOrder(fusion, held.fused), DESCRIBED));
    expect(verdict.default).toBe(false);
    expect(verdict.reason).toMatch(/^Not measured to help by match, depth 10, on drawn queries: R@1/);
  });

  it('weighs each direction by itself', () => {
    const { queries, fused } = drawnQueries(6, 3);
    const asked = new Set(
      queries.imageToText.flatMap(({ candidates }) => candidates.map(({ pair }) => pair)),
    );
    const found = new Set(
      queries.textToImage.flatMap(({ candidates }) => candidates.map(({ pair }) => pair)),
    );
    // Where a pair is a candidate in one direction alone, its score may mislead there alone.
    const misled = fused.map((score, pair) => (asked.has(pair) && !found.has(pair) ? score + 9 : score));
    const fusion = fitFusion('match', queries, misled);
    expect(fusion.textToImage).toEqual(fitFusion('match', queries, fused).textToImage);
    expect(fusion.imageToText.weight).toBeLessThan(fusion.textToImage.weight);
  });

  it('takes hubs off what they have too much, in finding pictures alone', () => {
    const { table, fused, hubness } = drawnHubs(7);
    const queries = rerankQueries(table, DEPTH, hubness);
    const blind = rerankQueries(table, DEPTH);
    expect(blind.textToImage.flatMap(({ candidates }) => candidates).every((one) => one.hubness === 0)).toBe(
      true,
    );
    const [scores, plain] = [queries, blind].map(({ pairs }) => pairs.map(fused)) as [number[], number[]];
    const scaled = fitFusion('match', queries, scores);
    const unscaled = fitFusion('match', blind, plain);
    expect([scaled.textToImage.hubness, scaled.imageToText.hubness]).toEqual([0.5, undefined]);
    expect(unscaled.textToImage).not.toHaveProperty('hubness');
    const found = measuredRetrieval(queries, fusedOrder(scaled, scores)).textToImage;
    const missed = measuredRetrieval(blind, fusedOrder(unscaled, plain)).textToImage;
    expect(found.interval.low).toBeGreaterThan(missed.R1);
    expect(scaled.imageToText).toEqual(unscaled.imageToText);
  });

  it('sets the weight of a misleading score to zero', () => {
    const { queries, fused } = drawnQueries(5, -3);
    const { textToImage, imageToText } = fitFusion('match', queries, fused);
    expect([textToImage.weight, imageToText.weight]).toEqual([0, 0]);
  });

  it('leaves the rank where the right one was not among the candidates', () => {
    const query = {
      group: 0,
      rank: 12,
      candidates: [{ pair: 0, similarity: 1, hubness: 0, relevant: false }],
    };
    expect(rerankedRank(query, () => 0)).toBe(12);
  });
});

describe('calibration', () => {
  it('finds bias and temperature under which scores are log-odds', () => {
    const random = seededRandom(9);
    const pairs = Array.from({ length: 20_000 }, () => {
      const score = 100 + 4 * normal(random);
      return { score, relevant: random() < probability((score - 103) / 2) };
    });
    const { bias, temperature } = calibration(pairs);
    expect(bias).toBeCloseTo(-103, 0);
    expect(temperature).toBeCloseTo(2, 0);
    const weights = { scale: 0, weight: 1, bias, temperature };
    const judged = pairs.map(({ score, relevant }) => {
      return {
        confidence: probability(fusedLogit(weights, { similarity: 0, hubness: 0, fused: score })),
        relevant,
      };
    });
    expect(reliability(judged).error).toBeLessThan(0.02);
  });

  it('measures the distance between what was said and what came true', () => {
    const half = [true, false].map((relevant) => ({ confidence: 0.9, relevant }));
    const { error, bins } = reliability(half);
    expect(error).toBeCloseTo(0.4);
    expect(bins).toEqual([{ confidence: 0.9, share: 0.5, count: 2 }]);
    expect(reliability([{ confidence: 1, relevant: true }]).error).toBe(0);
  });
});

describe('meanInterval', () => {
  it('holds the mean, is the same every time, and is wider for fewer groups', () => {
    const outcomes = Array.from({ length: 400 }, (_, i) => ({ group: i, value: i % 4 === 0 ? 1 : 0 }));
    const { low, high } = meanInterval(outcomes);
    expect(low).toBeLessThan(0.25);
    expect(high).toBeGreaterThan(0.25);
    expect(high - low).toBeLessThan(0.1);
    expect(meanInterval(outcomes)).toEqual({ low, high });
    const together = outcomes.map(({ value }, i) => ({ group: Math.floor(i / 40), value }));
    const one = meanInterval(outcomes.map(({ value }) => ({ group: 0, value })));
    expect(one.low).toBeCloseTo(0.25);
    expect(meanInterval(together).high).toBeGreaterThanOrEqual(0.25);
  });
});
