import { setImmediate as nextTurn } from 'node:timers/promises';
import type { ItemId, ItemKind } from '../core/item.js';
import type { VectorIndex } from '../core/ports.js';
import type { Catalog } from './catalog/catalog.js';

/** Insertions between two looks at the event loop: some ten milliseconds of work. */
const TURN = 64;

export interface Drift {
  /** Items of the catalog that the index lacks. */
  readonly missing: number;
  /** Ids in the index that the catalog does not know. */
  readonly surplus: number;
}

/** How far the index is from the rows, without changing either. */
export function measureDrift(index: VectorIndex, catalog: Catalog, kind: ItemKind): Drift {
  const rows = new Set(catalog.embeddedIds(kind));
  let surplus = 0;
  for (const id of index.ids()) if (!rows.has(id)) surplus++;
  let missing = 0;
  for (const id of rows) if (!index.has(id)) missing++;
  return { missing, surplus };
}

/**
 * Makes the index agree with the rows. Ids are never reused and an item's embedding never changes under one model, so
 * comparing the two sets of ids is enough, whatever happened between.
 */
export async function reconcile(
  index: VectorIndex,
  catalog: Catalog,
  kind: ItemKind,
  onProgress?: (done: number, total: number) => void,
): Promise<Drift> {
  const rows = new Set(catalog.embeddedIds(kind));
  const surplus = [...index.ids()].filter((id) => !rows.has(id));
  for (const id of surplus) index.remove(id);
  const missing: ItemId[] = [...rows].filter((id) => !index.has(id));
  for (const [done, id] of missing.entries()) {
    const vector = catalog.embedding(id);
    if (vector) index.add(id, vector);
    if (done % TURN === TURN - 1) {
      onProgress?.(done + 1, missing.length);
      await nextTurn();
    }
  }
  return { missing: missing.length, surplus: surplus.length };
}
