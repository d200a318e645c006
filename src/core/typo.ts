import { closest, distance } from 'fastest-levenshtein';

/** The legal name that `given` was probably meant to be, as a phrase to append; empty where nothing is near. */
export function didYouMean(given: string, legal: readonly string[]): string {
  if (legal.length === 0) return '';
  const likely = closest(given, [...legal]);
  const near = distance(given, likely) <= Math.max(2, Math.floor(likely.length / 3));
  return near ? ` Did you mean ${likely}?` : '';
}
