/** Somebody who searches over HTTP, from a process of their own. */
import pMap from 'p-map';
import type { SearchAnswer } from '../../src/api/search-schemas.js';
import { trial } from '../trial.js';

export interface ClientInput {
  readonly url: string;
  readonly texts: readonly string[];
  /** Searched before the measurement begins. */
  readonly warmUp: readonly string[];
  /** Requests under way at a time. */
  readonly concurrency: number;
}

/** One for each text, in milliseconds. */
export interface Search {
  readonly roundTrip: number;
  /** By the server's own clock. */
  readonly total: number;
  readonly encode: number;
}

export interface ClientResult {
  readonly searches: readonly Search[];
  readonly seconds: number;
}

const LIMIT = 20;

async function search(url: string, text: string): Promise<Search> {
  const start = performance.now();
  const response = await fetch(`${url}/api/search`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ text, limit: LIMIT }),
  });
  const answer = (await response.json()) as SearchAnswer;
  const roundTrip = performance.now() - start;
  if (!response.ok || answer.hits.length === 0) throw new Error(`The search answered ${response.status}.`);
  return { roundTrip, total: answer.timing.total, encode: answer.timing.encode };
}

export interface ClientTrial {
  readonly input: ClientInput;
  readonly result: ClientResult;
}

trial<ClientTrial>(async ({ url, texts, warmUp, concurrency }) => {
  for (const text of warmUp) await search(url, text);
  const start = performance.now();
  const searches = await pMap(texts, (text) => search(url, text), { concurrency });
  return { searches, seconds: (performance.now() - start) / 1000 };
});
