/**
 * The thread that builds a graph from the rows. It reads the catalog through a connection of its own and leaves a snapshot;
 * whoever started it reads that, so that an answer never waits for a build.
 */
import { parentPort, workerData } from 'node:worker_threads';
import { Catalog } from './catalog/catalog.js';
import type { BuildOrder, BuildReport } from './graph-build.js';
import { HnswIndex } from './hnsw-index.js';
import { writeSnapshot } from './snapshot.js';

/** Insertions between two reports: about a tenth of a second. */
const REPORT_EVERY = 256;

const { catalogFile, place } = workerData as BuildOrder;

function report(message: BuildReport): void {
  parentPort?.postMessage(message);
}

const catalog = new Catalog(catalogFile, place.model, true);
try {
  // Read before the first row: what is committed from now on makes the generation a later one.
  const generation = catalog.generation;
  const rows = catalog.embeddings;
  const total = catalog.counts()[place.kind];
  const index = HnswIndex.empty(place.dimensions, place.parameters, total);
  let done = 0;
  for (const { id, vector } of rows.all(place.kind)) {
    index.add(id, vector);
    if (++done % REPORT_EVERY === 0) report({ done, total });
  }
  if (!index.isEmpty) await writeSnapshot(place, index, generation);
  report({ done, total });
} finally {
  catalog.close();
}
