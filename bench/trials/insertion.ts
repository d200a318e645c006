/** What our side of an insertion costs: the index against the bare addon, in turns over the same vectors. */
import hnswlib from 'hnswlib-node';
import type { ItemId } from '../../src/core/item.js';
import { DEFAULT_HNSW, HnswIndex } from '../../src/index/hnsw-index.js';
import { syntheticVectors } from '../synthetic-vectors.js';
import { trial } from '../trial.js';

export interface InsertionInput {
  readonly photos: readonly Float32Array[];
  readonly count: number;
}

export interface InsertionResult {
  /** Vectors a second. */
  readonly own: number;
  readonly addon: number;
}

export interface InsertionTrial {
  readonly input: InsertionInput;
  readonly result: InsertionResult;
}

const TURN = 500;

trial<InsertionTrial>(async ({ photos, count }) => {
  const vectors = syntheticVectors(photos, count, 1);
  const dimensions = photos[0]?.length ?? 0;
  const own = HnswIndex.empty(dimensions);
  const addon = new hnswlib.HierarchicalNSW('ip', dimensions);
  addon.initIndex(count, DEFAULT_HNSW.M, DEFAULT_HNSW.efConstruction);
  const plain = vectors.map((vector) => Array.from(vector));
  const milliseconds = { own: 0, addon: 0 };
  for (let from = 0; from < count; from += TURN) {
    const to = Math.min(from + TURN, count);
    const start = performance.now();
    for (let n = from; n < to; n++) own.add((n + 1) as ItemId, vectors[n] as Float32Array);
    const between = performance.now();
    for (let n = from; n < to; n++) addon.addPoint(plain[n] as number[], n + 1);
    milliseconds.own += between - start;
    milliseconds.addon += performance.now() - between;
  }
  return Promise.resolve({
    own: count / (milliseconds.own / 1000),
    addon: count / (milliseconds.addon / 1000),
  });
});
