/** Opening a library from its snapshot and searching it, in a process that did nothing before. */
import { type ExactPass, exactNearest } from '../../src/index/exact-pass.js';
import { Library } from '../../src/index/mod.js';
import { percentile } from '../statistics.js';
import { trial } from '../trial.js';

export interface LibraryOpenInput {
  readonly folder: string;
  readonly texts: readonly Float32Array[];
}

export interface LibraryOpenResult {
  readonly openSeconds: number;
  /** Milliseconds a search of 20. */
  readonly p50: number;
  readonly p99: number;
  /** Share of the ten truly nearest to a text that are found. */
  readonly recall: number;
  /** Resident bytes after the searches, and what vectors and links alone take. */
  readonly resident: number;
  readonly vectorsAndLinks: number;
}

export interface LibraryOpenTrial {
  readonly input: LibraryOpenInput;
  readonly result: LibraryOpenResult;
}

const K = 10;
const LIMIT = 20;
const WARM_UP = 20;
const ID_BYTES = 8;
const LINK_BYTES = 4;

/** Layer 0 has 2M links a vector and their number; of the layers above, one in M reaches each next one. */
function graphBytes(count: number, dimensions: number, M: number): number {
  const lowest = dimensions * Float32Array.BYTES_PER_ELEMENT + (2 * M + 1) * LINK_BYTES + ID_BYTES;
  return count * (lowest + ((M + 1) * LINK_BYTES) / (M - 1));
}

trial<LibraryOpenTrial>(async ({ folder, texts }) => {
  const dimensions = texts[0]?.length ?? 0;
  const start = performance.now();
  await using library = await Library.open({ folder, modelId: 'bench', dimensions, readOnly: true });
  const openSeconds = (performance.now() - start) / 1000;
  for (const text of texts.slice(0, WARM_UP)) library.search('photo', text, LIMIT);
  const samples = texts.map((text) => {
    const before = performance.now();
    library.search('photo', text, LIMIT);
    return performance.now() - before;
  });
  const resident = process.memoryUsage.rss();
  // Afterwards: one pass over all rows, which fills memory with what was read.
  const truth: ExactPass = await exactNearest(library, 'photo', texts, K);
  const found = texts.map(
    (text, at) => library.search('photo', text, K).filter(({ id }) => truth[at]?.has(id)).length,
  );
  return {
    openSeconds,
    p50: percentile(samples, 0.5),
    p99: percentile(samples, 0.99),
    recall: found.reduce((sum, one) => sum + one, 0) / (K * texts.length),
    resident,
    vectorsAndLinks: graphBytes(library.searchable('photo'), dimensions, 16),
  };
});
