/**
 * A scorer that gives everything the same score, no number, or another order every time it is asked would shuffle results.
 * It is asked about a few pictures and texts that have nothing in common before it is believed.
 */
import { SightlineError } from '../../core/errors.js';
import type { ImageTextPair, PairImage, PairScorer } from '../../encoder/mod.js';
import { seededRandom } from './bootstrap.js';

const CHANNELS = 3;
const TEXTS = ['a dog on the grass', 'two boats on the sea at night'];
/** Of a score's own size: less than this between all pairs is rounding. */
const LEAST_SPREAD = 1e-5;
/** Correlation of two passes in opposite order; quantised models give about 0.99. */
const LEAST_AGREEMENT = 0.5;

type Paint = (x: number, y: number, channel: number) => number;

function paints(): Paint[] {
  const random = seededRandom(7);
  return [
    (_x, _y, channel) => (channel === 0 ? 220 : 30),
    (_x, y, channel) => (channel === 2 ? 255 - y * 200 : 90),
    (x, y) => ((Math.floor(x * 8) + Math.floor(y * 8)) % 2) * 255,
    () => random() * 255,
  ];
}

function painted(size: number, paint: Paint): Uint8Array {
  const pixels = new Uint8Array(size * size * CHANNELS);
  for (let i = 0; i < pixels.length; i++) {
    const place = Math.floor(i / CHANNELS);
    pixels[i] = paint((place % size) / size, Math.floor(place / size) / size, i % CHANNELS);
  }
  return pixels;
}

function testPairs(size: number): ImageTextPair[] {
  return paints().flatMap((paint, index) => {
    const pixels = painted(size, paint);
    const image: PairImage = { key: `self-test ${index}`, pixels: async () => pixels };
    return TEXTS.map((text) => ({ image, text }));
  });
}

const mean = (list: readonly number[]): number => list.reduce((sum, x) => sum + x, 0) / list.length;

function correlation(a: readonly number[], b: readonly number[]): number {
  const [ma, mb] = [mean(a), mean(b)];
  let [product, squareA, squareB] = [0, 0, 0];
  for (const [i, x] of a.entries()) {
    const y = b[i] as number;
    product += (x - ma) * (y - mb);
    squareA += (x - ma) ** 2;
    squareB += (y - mb) ** 2;
  }
  return product / Math.sqrt(squareA * squareB);
}

function faultOf(first: readonly number[], second: readonly number[]): string | undefined {
  const all = [...first, ...second];
  if (!all.every(Number.isFinite)) return 'gives scores that are no numbers';
  const spread = Math.max(...first) - Math.min(...first);
  const size = Math.max(1, ...all.map(Math.abs));
  if (spread < LEAST_SPREAD * size) return 'gives the same score to everything';
  if (!(correlation(first, second) >= LEAST_AGREEMENT)) return 'gives another order every time it is asked';
  return undefined;
}

/** A few at a time: whoever searches meanwhile waits for those and not for all. */
async function scores(scorer: PairScorer, pairs: readonly ImageTextPair[]): Promise<number[]> {
  const all: number[] = [];
  for (let start = 0; start < pairs.length; start += TEXTS.length)
    all.push(...(await scorer.score(pairs.slice(start, start + TEXTS.length), 'batch')));
  return all;
}

export interface SelfTest {
  /** What one pair took, loading the graphs left out. */
  readonly millisecondsEach: number;
}

/**
 * @param size side of the model's pictures, in pixels
 * @throws ERR_MODEL_CAPABILITY saying what is wrong with the scorer
 */
export async function selfTest(scorer: PairScorer, model: string, size: number): Promise<SelfTest> {
  const pairs = testPairs(size);
  // The first run loads the graphs; one pair is enough for it.
  await scorer.score(pairs.slice(0, 1), 'batch');
  const start = performance.now();
  const first = await scores(scorer, pairs);
  const between = performance.now();
  const second = (await scores(scorer, pairs.toReversed())).toReversed();
  // What else the machine does makes a pass slower, never faster.
  const millisecondsEach = Math.min(between - start, performance.now() - between) / pairs.length;
  const fault = faultOf(first, second);
  if (fault === undefined) return { millisecondsEach };
  const message = `The scorer ${scorer.name} of the model ${model} ${fault}, so nothing is reranked by it. Choose another model, or import the checkpoint again: sightline models verify`;
  throw new SightlineError('ERR_MODEL_CAPABILITY', message, { details: { scorer: scorer.name, model } });
}
