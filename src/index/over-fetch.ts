import type { ItemId } from '../core/item.js';
import type { Neighbour, VectorIndex } from '../core/ports.js';

/** One more round costs a whole search, so the first asks for somewhat more than the share promises. */
const MARGIN = 1.5;
const GROWTH = 3;

/**
 * The k nearest that a condition accepts, from an index that knows no conditions: more than k are asked for, and again more
 * while too few are accepted. In the end everything was asked for, so fewer than k come back only where there are fewer.
 * (The addon could call a filter for each vector it looks at, but a callback that throws ends the process.)
 * @param share how many of all are expected to be accepted, 0…1: where to begin
 */
export function searchWhere(
  index: VectorIndex,
  query: Float32Array,
  k: number,
  accepts: (id: ItemId) => boolean,
  share = 1,
): Neighbour[] {
  let wanted = Math.ceil((k / Math.max(share, 1e-6)) * MARGIN);
  for (;;) {
    const all = wanted >= index.size;
    const accepted = index.search(query, Math.min(wanted, index.size)).filter(({ id }) => accepts(id));
    if (all || accepted.length >= k) return accepted.slice(0, k);
    wanted *= GROWTH;
  }
}
