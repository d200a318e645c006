import type { ParsedQuery } from './clauses.js';
import type { Term } from './pair-reader.js';

/** Texts that are read for one candidate, at most: each costs as much as a plain query. */
const MOST_TEXTS = 8;

/**
 * What is read for a query: its positive text, and for each clause how much better that fits than its counters. For what must
 * not be there, only the counter is read: `f(positive) − f(what must not be there)`.
 */
export function termsOf({ positive, clauses }: ParsedQuery, unwanted: readonly string[]): Term[] {
  const factors = new Map([[positive, 1]]);
  const add = (text: string, factor: number): void => {
    if (factors.has(text) || factors.size < MOST_TEXTS) factors.set(text, (factors.get(text) ?? 0) + factor);
  };
  for (const what of unwanted) add(what, -1);
  for (const { kind, counters } of clauses) {
    if (kind !== 'negation') add(positive, 1);
    for (const counter of counters) add(counter, -1 / counters.length);
  }
  return [...factors].map(([text, factor]) => ({ text, factor }));
}
