import type { ItemKind } from '../core/item.js';
import type { Catalog } from './catalog/catalog.js';
import type { IndexKeeper } from './index-keeper.js';

/** How far an index is from the rows. */
export interface Drift {
  /** Items of the catalog that the index lacks. */
  readonly missing: number;
  /** Ids in the index that the catalog does not know. */
  readonly surplus: number;
}

/** Compares all ids, and changes nothing. */
export function measureDrift(index: IndexKeeper, catalog: Catalog, kind: ItemKind): Drift {
  const rows = catalog.embeddings.ids(kind);
  let surplus = 0;
  for (const id of index.ids()) if (!rows.has(id)) surplus++;
  let missing = 0;
  for (const id of rows) if (!index.has(id)) missing++;
  return { missing, surplus };
}
