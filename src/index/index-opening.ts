import type { VectorIndex } from '../core/ports.js';
import type { Catalog } from './catalog/catalog.js';
import { ExactIndex } from './exact-index.js';
import { HnswIndex } from './hnsw-index.js';
import { reconcile } from './reconcile.js';
import { readSnapshot, type SnapshotPlace } from './snapshot.js';

/** The index of a kind, brought up to the rows, with the generation that its snapshot on disk shows. */
export async function openIndex(
  catalog: Catalog,
  place: SnapshotPlace,
  readOnly: boolean,
  onRebuild: (done: number, total: number) => void,
): Promise<{ index: VectorIndex; generation: number }> {
  const snapshot = await readSnapshot(place);
  const current = catalog.generation;
  if (snapshot?.generation === current) return snapshot;
  // A reader that has nothing to start from scans: it will not live long enough to earn back a graph.
  const fresh = readOnly
    ? new ExactIndex(place.dimensions)
    : HnswIndex.empty(place.dimensions, place.parameters);
  const index = snapshot?.index ?? fresh;
  await reconcile(index, catalog, place.kind, onRebuild);
  return { index, generation: snapshot?.generation ?? -1 };
}
