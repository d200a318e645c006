/** The two indexes over as many vectors as are wanted: how fast each is, and what the graph misses. */
import type { ItemId } from '../../src/core/item.js';
import type { VectorIndex } from '../../src/core/ports.js';
import { ExactIndex } from '../../src/index/exact-index.js';
import { HnswIndex } from '../../src/index/hnsw-index.js';
import { percentile } from '../statistics.js';
import { syntheticVectors } from '../synthetic-vectors.js';
import { trial } from '../trial.js';
import type { EmbeddingsResult } from './embeddings.js';

export interface VectorsInput extends EmbeddingsResult {
  readonly count: number;
  readonly seed: number;
}

/** Milliseconds a search. */
interface Latency {
  readonly p50: number;
  readonly p99: number;
}

export interface VectorsResult {
  readonly exact: Latency;
  readonly hnsw: Latency;
  /** Vectors a second. */
  readonly buildRate: number;
  /** Longest single insertion, in milliseconds: an ingest blocks its thread for a batch of these. */
  readonly slowestInsertion: number;
  /** Share of the ten truly nearest that the graph finds. */
  readonly recall: number;
}

const K = 10;
const LIMIT = 20;
const WARM_UP = 20;

function latency(index: VectorIndex, queries: readonly Float32Array[]): Latency {
  for (const query of queries.slice(0, WARM_UP)) index.search(query, LIMIT);
  const samples = queries.map((query) => {
    const start = performance.now();
    index.search(query, LIMIT);
    return performance.now() - start;
  });
  return { p50: percentile(samples, 0.5), p99: percentile(samples, 0.99) };
}

function recallOf(index: VectorIndex, truth: VectorIndex, queries: readonly Float32Array[]): number {
  let found = 0;
  for (const query of queries) {
    const near = new Set(truth.search(query, K).map(({ id }) => id));
    found += index.search(query, K).filter(({ id }) => near.has(id)).length;
  }
  return found / (queries.length * K);
}

export interface VectorsTrial {
  readonly input: VectorsInput;
  readonly result: VectorsResult;
}

trial<VectorsTrial>(async ({ photos, texts, count, seed }) => {
  const vectors = syntheticVectors(photos, count, seed);
  const dimensions = photos[0]?.length ?? 0;
  const exact = new ExactIndex(dimensions);
  for (const [i, vector] of vectors.entries()) exact.add((i + 1) as ItemId, vector);
  const hnsw = HnswIndex.empty(dimensions);
  let slowestInsertion = 0;
  const start = performance.now();
  let last = start;
  for (const [i, vector] of vectors.entries()) {
    hnsw.add((i + 1) as ItemId, vector);
    const now = performance.now();
    slowestInsertion = Math.max(slowestInsertion, now - last);
    last = now;
  }
  const buildRate = count / ((last - start) / 1000);
  return {
    exact: latency(exact, texts),
    hnsw: latency(hnsw, texts),
    buildRate,
    slowestInsertion,
    recall: recallOf(hnsw, exact, texts),
  };
});
