/** A library of made-up photos: how fast rows come in, and how fast their graph is built by its thread. */
import { Library } from '../../src/index/mod.js';
import { madeUpPhoto } from '../made-up-photos.js';
import { syntheticVectors } from '../synthetic-vectors.js';
import { trial } from '../trial.js';

export interface LibraryBuildInput {
  readonly folder: string;
  readonly photos: readonly Float32Array[];
  readonly count: number;
  readonly seed: number;
  /** Without, only the rows are measured. */
  readonly graph: boolean;
}

export interface LibraryBuildResult {
  /** Photos a second, durable: item, file, embedding, words. */
  readonly insertRate: number;
  /** The same by the processor time of the process, its collector of garbage included. */
  readonly insertRateOfProcessor: number;
  /** Vectors a second, from the first row that the thread reads to the graph that answers; null where none was asked for. */
  readonly buildRate: number | null;
}

export interface LibraryBuildTrial {
  readonly input: LibraryBuildInput;
  readonly result: LibraryBuildResult;
}

/** Photos in a transaction, as an import has them. */
const BATCH = 1024;
const CHUNK = 16_384;

trial<LibraryBuildTrial>(async ({ folder, photos, count, seed, graph }) => {
  const dimensions = photos[0]?.length ?? 0;
  await using library = await Library.open({ folder, modelId: 'bench', dimensions, readOnly: false });
  let [milliseconds, processor] = [0, 0];
  for (let from = 0; from < count; from += CHUNK) {
    const vectors = syntheticVectors(photos, Math.min(CHUNK, count - from), seed + from);
    for (let at = 0; at < vectors.length; at += BATCH) {
      const changes = vectors
        .slice(at, at + BATCH)
        .map((embedding, i) => madeUpPhoto(from + at + i, { embedding }));
      const [start, used] = [performance.now(), process.cpuUsage()];
      library.commit(changes);
      milliseconds += performance.now() - start;
      const { user, system } = process.cpuUsage(used);
      processor += user + system;
    }
  }
  const start = performance.now();
  if (graph) await library.save();
  return {
    insertRate: count / (milliseconds / 1000),
    insertRateOfProcessor: count / (processor / 1e6),
    buildRate: graph ? count / ((performance.now() - start) / 1000) : null,
  };
});
