/** What people type, and whether what was found fits: judged by looking at the photos, kept in `judgements/`. */
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

export const EVERYDAY_QUERIES = [
  'two dogs playing in the snow',
  'a child on a swing',
  'people at a market at night',
  'a red car',
  'a surfer',
  'a dog running on the beach',
  'a football match',
  'someone climbing a rock',
  'a man riding a bicycle',
  'children playing in water',
  'a crowd of people in the city',
  'a black dog',
  'a girl in a pink dress',
  'a snowboarder in the air',
  'people sitting at a table',
  'a brown dog in the grass',
  'a basketball player',
  'mountains',
  'a man with a hat',
  'a motorcycle race',
] as const;

export const JUDGED_DEPTH = 5;

/** Photos that were looked at, by query: does one who asked for this want to see it? */
export type Judgements = Readonly<Record<string, Readonly<Record<string, boolean>>>>;

export interface JudgedQuery {
  readonly query: string;
  /** Found photos, best first; `fits` is undefined where nobody has looked yet. */
  readonly found: readonly { readonly file: string; readonly fits: boolean | undefined }[];
}

/** From dist/bench/everyday-queries.js. */
const FILE: string = fileURLToPath(new URL('../../bench/judgements/everyday-queries.json', import.meta.url));

export async function readJudgements(): Promise<Judgements> {
  return JSON.parse(await readFile(FILE, 'utf8')) as Judgements;
}

export function judged(
  found: Readonly<Record<string, readonly string[]>>,
  judgements: Judgements,
): JudgedQuery[] {
  return Object.entries(found).map(([query, files]) => ({
    query,
    found: files.map((file) => ({ file, fits: judgements[query]?.[file] })),
  }));
}

/** The share of found photos that fit, in percent, of those that were looked at; and how many were not. */
export function precision(queries: readonly JudgedQuery[]): {
  readonly value: number;
  readonly unjudged: number;
} {
  const all = queries.flatMap(({ found }) => found.map(({ fits }) => fits));
  const known = all.filter((fits) => fits !== undefined);
  const value = (100 * known.filter(Boolean).length) / Math.max(1, known.length);
  return { value, unjudged: all.length - known.length };
}
