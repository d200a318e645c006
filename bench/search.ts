/** What a search costs, as the person who waits feels it, and what of it is not the encoder's. */
import type { Benchmark } from './benchmark.js';
import { captionedPhotos, spreadOver } from './photo-set.js';
import { figure, type Section } from './report.js';
import { percentile } from './statistics.js';
import { runTrial, startTrial } from './trial.js';
import type { ClientResult, ClientTrial, Search } from './trials/client.js';
import type { EmbeddingsTrial } from './trials/embeddings.js';
import type { ServerTrial } from './trials/server.js';
import type { VectorsResult, VectorsTrial } from './trials/vectors.js';

interface Scale {
  readonly photos: number;
  readonly queries: number;
  readonly trials: number;
  /** Vectors in the synthetic indexes, and how often each is built. */
  readonly sizes: readonly (readonly [count: number, trials: number])[];
}

const FULL: Scale = {
  photos: Number.POSITIVE_INFINITY,
  queries: 300,
  trials: 5,
  sizes: [
    [1_000, 5],
    [10_000, 3],
    [100_000, 1],
  ],
};
const QUICK: Scale = { photos: 100, queries: 30, trials: 1, sizes: [[1_000, 1]] };

const WARM_UP = 20;
const CLIENTS = 8;
const INDEX_QUERIES = 200;

interface Round {
  readonly alone: ClientResult;
  readonly together: ClientResult;
}

const roundTrip = (search: Search): number => search.roundTrip;
const total = (search: Search): number => search.total;
const encode = (search: Search): number => search.encode;
const rest = (search: Search): number => search.total - search.encode;
const outside = (search: Search): number => search.roundTrip - search.encode;

function latencySection(rounds: readonly Round[], photos: number): Section {
  const queries = rounds[0]?.alone.searches.length ?? 0;
  const at = (share: number, value: (search: Search) => number): number[] =>
    rounds.map(({ alone }) => percentile(alone.searches.map(value), share));
  return {
    title: `One client, ${queries} different captions one at a time, ${photos} photos`,
    figures: [
      figure('round trip p50', 'ms', at(0.5, roundTrip)),
      figure('round trip p95', 'ms', at(0.95, roundTrip)),
      figure('round trip p99', 'ms', at(0.99, roundTrip)),
      figure('server total p50', 'ms', at(0.5, total)),
      figure('server total p95', 'ms', at(0.95, total)),
      figure('text encoding p50', 'ms', at(0.5, encode)),
      figure('text encoding p95', 'ms', at(0.95, encode)),
      figure('server total − encoding p50', 'ms', at(0.5, rest), '≤ 3'),
      figure('server total − encoding p95', 'ms', at(0.95, rest)),
      figure('round trip − encoding p50', 'ms', at(0.5, outside)),
      figure(
        'encoding ÷ round trip p50',
        'ratio',
        at(0.5, (search) => search.encode / search.roundTrip),
      ),
    ],
  };
}

const rate = ({ searches, seconds }: ClientResult): number => searches.length / seconds;

function throughputSection(rounds: readonly Round[]): Section {
  const together = rounds.map((round) => rate(round.together));
  return {
    title: `${CLIENTS} clients at once`,
    figures: [
      figure('searches', '1/s', together),
      figure(
        'against one client',
        'ratio',
        rounds.map((round) => rate(round.together) / rate(round.alone)),
      ),
      figure(
        'round trip p95',
        'ms',
        rounds.map((round) =>
          percentile(
            round.together.searches.map((search) => search.roundTrip),
            0.95,
          ),
        ),
      ),
    ],
  };
}

function indexSection(count: number, results: readonly VectorsResult[]): Section {
  const of = (value: (result: VectorsResult) => number): number[] => results.map(value);
  return {
    title: `Indexes over ${count.toLocaleString('en-US')} vectors`,
    figures: [
      figure(
        'exact p50',
        'ms',
        of(({ exact }) => exact.p50),
      ),
      figure(
        'exact p99',
        'ms',
        of(({ exact }) => exact.p99),
      ),
      figure(
        'HNSW p50',
        'ms',
        of(({ hnsw }) => hnsw.p50),
      ),
      figure(
        'HNSW p99',
        'ms',
        of(({ hnsw }) => hnsw.p99),
      ),
      figure(
        'exact ÷ HNSW p50',
        'ratio',
        of(({ exact, hnsw }) => exact.p50 / hnsw.p50),
      ),
      figure(
        'HNSW recall@10',
        'share',
        of(({ recall }) => recall),
      ),
      figure(
        'HNSW build',
        'vectors/s',
        of(({ buildRate }) => buildRate),
      ),
      figure(
        'HNSW slowest insertion',
        'ms',
        of(({ slowestInsertion }) => slowestInsertion),
      ),
    ],
  };
}

export const searchBenchmark: Benchmark = {
  name: 'search',
  sentence: 'latency and throughput over HTTP, and the exact index against HNSW',

  async run({ photos, limit, trials, quick }, say) {
    const scale = quick ? QUICK : FULL;
    await using set = await captionedPhotos(photos, Math.min(limit, scale.photos));
    const { files } = set;
    const rounds: Round[] = [];
    {
      await using server = await startTrial<ServerTrial>('server', { folder: set.folder });
      const { url } = server.result;
      const wanted = trials ?? scale.trials;
      // What was asked before is answered from memory: every measurement asks for something else.
      const parts = 2 * wanted;
      const texts = spreadOver(
        set.captions,
        Math.min(set.captions.length, parts * (WARM_UP + scale.queries)),
      );
      const ask = (part: number, concurrency: number): Promise<ClientResult> => {
        const mine = texts.filter((_, place) => place % parts === part);
        const [warmUp, counted] = [mine.slice(0, WARM_UP), mine.slice(WARM_UP)];
        return runTrial<ClientTrial>('client', { url, texts: counted, warmUp, concurrency });
      };
      for (let i = 0; i < wanted; i++) {
        rounds.push({ alone: await ask(2 * i, 1), together: await ask(2 * i + 1, CLIENTS) });
        say(`round ${i + 1} of ${wanted} over HTTP`);
      }
    }
    const texts = spreadOver(set.captions, INDEX_QUERIES);
    const real = await runTrial<EmbeddingsTrial>('embeddings', { files, texts });
    const sections: Section[] = [];
    for (const [count, usual] of scale.sizes) {
      const results: VectorsResult[] = [];
      for (let i = 0; i < (trials ?? usual); i++) {
        results.push(await runTrial<VectorsTrial>('vectors', { ...real, count, seed: i + 1 }));
        say(`indexes over ${count} vectors, ${i + 1} of ${trials ?? usual}`);
      }
      sections.push(indexSection(count, results));
    }
    return {
      sections: [latencySection(rounds, files.length), throughputSection(rounds), ...sections],
      notes: [
        `Photos: ${set.title}. The server is one process, the client another on the loopback address; both share the cores; “${CLIENTS} clients” are ${CLIENTS} requests under way from it. ${WARM_UP} searches before each measurement are not counted.`,
        'Server total and encoding are the answer’s own timing: total ends before the answer is written as JSON.',
        `Indexes: synthetic vectors, each a real photo's plus noise (cosine about 0.86); ${INDEX_QUERIES} real text embeddings as queries, 20 hits wanted, recall over the first 10 against the exact index. Each repetition has vectors of its own.`,
      ],
    };
  },
};
