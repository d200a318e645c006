import { setImmediate as nextTurn } from 'node:timers/promises';
import { dot } from '../core/embedding.js';
import type { ItemId, ItemKind } from '../core/item.js';
import { TopK } from '../core/top-k.js';
import type { Library } from './library.js';

/** For each query, the ids of its truly nearest. */
export type ExactPass = readonly ReadonlySet<ItemId>[];

/** Comparisons between two looks at the event loop: some ten milliseconds. */
const COMPARISONS_A_TURN = 65_536;

/** The k nearest of many queries by one pass over all rows, whatever the index says. Nobody waits for it. */
export async function exactNearest(
  library: Library,
  kind: ItemKind,
  queries: readonly Float32Array[],
  k: number,
): Promise<ExactPass> {
  const best = queries.map(() => new TopK(k));
  const rowsATurn = Math.max(1, Math.floor(COMPARISONS_A_TURN / Math.max(1, queries.length)));
  let rows = 0;
  for (const { id, vector } of library.embeddings(kind)) {
    for (const [at, query] of queries.entries()) best[at]?.offer(id, dot(query, vector));
    if (++rows % rowsATurn === 0) await nextTurn();
  }
  return best.map((one) => new Set(one.sorted().map(({ id }) => id as ItemId)));
}
