import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import type { SnapshotPlace } from './snapshot.js';

/** What the building thread is told. */
export interface BuildOrder {
  readonly catalogFile: string;
  readonly place: SnapshotPlace;
}

/** How far it got. */
export interface BuildReport {
  readonly done: number;
  readonly total: number;
}

/**
 * Builds a graph from the rows of the catalog in a thread of its own; its snapshot is the result.
 * @throws ERR_DISK_FULL, and the signal's reason where it fires
 */
export async function buildGraph(
  order: BuildOrder,
  signal: AbortSignal,
  onProgress: (report: BuildReport) => void,
): Promise<void> {
  signal.throwIfAborted();
  const worker = new Worker(new URL('./graph-builder.js', import.meta.url), { workerData: order });
  const stop = (): void => void worker.terminate();
  signal.addEventListener('abort', stop, { once: true });
  try {
    worker.on('message', onProgress);
    // Rejects with what the thread threw.
    const [code] = (await once(worker, 'exit')) as [number];
    signal.throwIfAborted();
    if (code !== 0) throw new Error(`The thread that builds the vector index ended with ${code}.`);
  } finally {
    signal.removeEventListener('abort', stop);
    await worker.terminate();
  }
}
