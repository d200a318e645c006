/**
 * How much of the truly nearest the graph finds, measured with what is really asked. Texts lie apart from photos, so a graph
 * of photos is searched worse by them than by photos, and only real queries show how much. The exact answers come from one
 * pass over all rows, whatever the number of queries; then the beam is widened until enough is found.
 */
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { ItemId, ItemKind } from '../core/item.js';
import type { QuerySource } from './catalog/measurements.js';
import { exactNearest } from './exact-pass.js';
import type { Library } from './library.js';

export interface AuditQuery {
  readonly source: QuerySource;
  readonly vector: Float32Array;
}

export interface RecallAudit {
  readonly kind: ItemKind;
  readonly queries: number;
  /** Whether they were asked by people; otherwise items of the library stand in for them. */
  readonly real: boolean;
  /** Share of the ten truly nearest that were found; of all queries, and of each source that there are queries of. */
  readonly recall: number;
  readonly bySource: Partial<Record<QuerySource, number>>;
  /** How wide the graph was searched before and is searched now. */
  readonly efSearch: { readonly before: number; readonly after: number };
  /** Of the wider search, where it was widened. */
  readonly recallAfter: number;
}

const K = 10;
export const RECALL_WANTED = 0.99;
const GROWTH = 1.5;
const WIDEST = 2048;
const MOST_QUERIES = 200;
/** The last real queries, or the library's own items where nobody has asked anything yet. */
function queriesFor(library: Library, kind: ItemKind): { queries: AuditQuery[]; real: boolean } {
  const recent = library.recentQueries(kind).slice(0, MOST_QUERIES);
  if (recent.length > 0) return { queries: recent, real: true };
  const standIns: AuditQuery[] = [];
  for (const [from, source] of [
    ['caption', 'text'],
    ['photo', 'image'],
  ] as const) {
    const every = Math.max(1, Math.floor(library.searchable(from) / (MOST_QUERIES / 2)));
    let at = 0;
    for (const { vector } of library.embeddings(from))
      if (at++ % every === 0) standIns.push({ source, vector });
  }
  return { queries: standIns.slice(0, MOST_QUERIES), real: false };
}

const mean = (shares: readonly number[]): number =>
  shares.reduce((sum, share) => sum + share, 0) / shares.length;

/** @returns undefined where there is nothing to measure: no items, no queries, or another model before it was done */
export async function auditRecall(library: Library, kind: ItemKind): Promise<RecallAudit | undefined> {
  const { modelId } = library;
  const { queries, real } = queriesFor(library, kind);
  if (queries.length === 0 || library.searchable(kind) === 0) return undefined;
  const truth = await exactNearest(
    library,
    kind,
    queries.map(({ vector }) => vector),
    K,
  );
  const foundOf = (at: number): number => {
    const near = truth[at] as ReadonlySet<ItemId>;
    const found = library
      .search(kind, (queries[at] as AuditQuery).vector, K)
      .filter(({ id }) => near.has(id));
    return near.size === 0 ? 1 : found.length / near.size;
  };
  const measure = async (): Promise<number[] | undefined> => {
    const shares: number[] = [];
    for (const at of queries.keys()) {
      if (library.modelId !== modelId) return undefined;
      shares.push(foundOf(at));
      await nextTurn();
    }
    return shares;
  };
  const first = await measure();
  if (first === undefined) return undefined;
  const before = library.efSearch(kind);
  let recallAfter = mean(first);
  while (recallAfter < RECALL_WANTED && library.efSearch(kind) < WIDEST) {
    library.setEfSearch(kind, Math.min(WIDEST, Math.ceil(library.efSearch(kind) * GROWTH)));
    const wider = await measure();
    if (wider === undefined) return undefined;
    recallAfter = mean(wider);
  }
  const bySource: Partial<Record<QuerySource, number>> = {};
  for (const source of ['text', 'image'] as const) {
    const shares = first.filter((_, at) => queries[at]?.source === source);
    if (shares.length > 0) bySource[source] = mean(shares);
  }
  const after = library.efSearch(kind);
  return {
    kind,
    queries: queries.length,
    real,
    recall: mean(first),
    bySource,
    efSearch: { before, after },
    recallAfter,
  };
}
