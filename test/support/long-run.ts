/**
 * How much of a long suite runs: a short run in `npm test`, all of it in `npm run test:long`, which sets the variable.
 * The seed of random sequences is printed, and can be given to run the same ones again.
 */
const LONG = process.env['SIGHTLINE_TEST_LONG'] === '1';

/** Repetitions of a random test: `short` in every test run, `long` where there is time. */
export const repetitions = (short: number, long: number): number => (LONG ? long : short);

/** Seed of a random test: SIGHTLINE_TEST_SEED, or one that is drawn. Told on stderr beside what it is for. */
export function drawnSeed(what: string): number {
  const seed = Number(process.env['SIGHTLINE_TEST_SEED']) || Math.floor(Math.random() * 2 ** 31);
  process.stderr.write(`${what}: seed ${seed}\n`);
  return seed;
}
