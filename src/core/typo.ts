import { closest, distance } from 'fastest-levenshtein';

/** The legal name that `given` was probably meant to be. */
export function likelyName(given: string, legal: readonly string[]): string | undefined {
  if (legal.length === 0) return undefined;
  const likely = closest(given, [...legal]);
  const near = distance(given, likely) <= Math.max(2, Math.floor(likely.length / 3));
  return near ? likely : undefined;
}

/** The same as a phrase to append; empty where nothing is near. */
export function didYouMean(given: string, legal: readonly string[]): string {
  const likely = likelyName(given, legal);
  return likely === undefined ? '' : ` Did you mean ${likely}?`;
}

/** Whether a word is almost certainly `likely` with a slip of the finger: at most one letter in four is different. */
export function isSlipOf(given: string, likely: string): boolean {
  return distance(given, likely) <= likely.length / 4;
}
