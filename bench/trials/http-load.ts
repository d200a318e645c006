/** People who search over HTTP at once: as many as the server lets, or so many a second whatever it says. */
import { Agent, request } from 'node:http';
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

const agent = new Agent({ keepAlive: true, maxSockets: 2048 });

/** By `request`, which costs the shared cores a third of what `fetch` does. @returns the status */
function search(url: string, text: string): Promise<number> {
  const body = JSON.stringify({ text, limit: 20, rerank: false });
  return new Promise((resolve) => {
    const sent = request(
      `${url}/api/search`,
      {
        method: 'POST',
        agent,
        headers: { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) },
      },
      (response) => {
        response.resume();
        response.once('end', () => resolve(response.statusCode ?? 0));
        response.once('error', () => resolve(0));
      },
    );
    sent.once('error', () => resolve(0));
    sent.end(body);
  });
}

trial<LoadTrial>(async ({ url, texts, seconds, together = 0, rate }) => {
  const answered: number[] = [];
  const statuses: Record<number, number> = {};
  let asked = 0;
  const start = performance.now();
  const end = start + seconds * 1000;
  const one = async (): Promise<void> => {
    const sent = performance.now();
    const status = await search(url, texts[asked++ % texts.length] as string);
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
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
    await Promise.all(under);
  }
  return { answered, statuses, seconds: (performance.now() - start) / 1000 };
});
