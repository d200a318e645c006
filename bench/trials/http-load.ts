/** People who search over HTTP at once: as many as the server lets, or so many a second whatever it says. */
import { setTimeout as sleep } from 'node:timers/promises';
import { HttpCaller } from '../http-caller.js';
import { trial } from '../trial.js';

export interface LoadInput {
  readonly url: string;
  readonly texts: readonly string[];
  readonly seconds: number;
  /** Requests under way at a time: each client asks again when it was answered. */
  readonly together?: number;
  /** Requests a second, answered or not. Instead of `together`. */
  readonly rate?: number;
}

export interface LoadResult {
  /** Milliseconds of each search that was answered with hits. */
  readonly answered: readonly number[];
  /** How many had which status; 0: no answer at all. */
  readonly statuses: Readonly<Record<number, number>>;
  readonly seconds: number;
}

export interface LoadTrial {
  readonly input: LoadInput;
  readonly result: LoadResult;
}

/** Fewer than a server takes. */
const CONNECTIONS = 900;

trial<LoadTrial>(async ({ url, texts, seconds, together = 0, rate }) => {
  using caller = new HttpCaller(url, '/api/search', CONNECTIONS);
  const answered: number[] = [];
  const statuses: Record<number, number> = {};
  let asked = 0;
  const start = performance.now();
  const end = start + seconds * 1000;
  const one = async (): Promise<void> => {
    const sent = performance.now();
    const text = texts[asked++ % texts.length] as string;
    const status = await caller.post(JSON.stringify({ text, limit: 20, rerank: false }));
    statuses[status] = (statuses[status] ?? 0) + 1;
    if (status === 200) answered.push(performance.now() - sent);
  };
  if (rate === undefined) {
    const client = async (): Promise<void> => {
      while (performance.now() < end) await one();
    };
    await Promise.all(Array.from({ length: together }, client));
  } else {
    const under: Promise<void>[] = [];
    while (performance.now() < end) {
      const due = ((performance.now() - start) / 1000) * rate;
      for (let owed = Math.ceil(due - asked); owed > 0; owed--) under.push(one());
      await sleep(1);
    }
    await Promise.all(under);
  }
  return { answered, statuses, seconds: (performance.now() - start) / 1000 };
});
