/** A library of many photos with words, searched with filters of every selectivity and by words beside vectors. */
import { join } from 'node:path';
import type { Filter } from '../../src/core/filter.js';
import type { SearchMode } from '../../src/core/query.js';
import { findCandidates } from '../../src/engine/candidates.js';
import { Background } from '../../src/engine/confidence.js';
import { Library } from '../../src/index/mod.js';
import { madeUpPhoto } from '../made-up-photos.js';
import { median, percentile } from '../statistics.js';
import { syntheticVectors } from '../synthetic-vectors.js';
import { temporaryFolder } from '../temporary-folder.js';
import { trial } from '../trial.js';

export interface FiltersInput {
  /** Embeddings of real photos and of real texts. */
  readonly photos: readonly Float32Array[];
  readonly texts: readonly Float32Array[];
  /** The same texts in words, and what is written about the photos. */
  readonly words: readonly string[];
  readonly captions: readonly string[];
  readonly count: number;
  readonly seed: number;
}

export interface FilterCost {
  readonly share: number;
  readonly plan: string;
  readonly recall: number;
  /** Milliseconds. */
  readonly p50: number;
  readonly p95: number;
  /** Of the first search with a filter, before its items are remembered. */
  readonly first: number;
}

export interface FiltersResult {
  readonly unfiltered: number;
  readonly filtered: readonly FilterCost[];
  readonly semantic: number;
  readonly hybrid: number;
  readonly keyword: number;
}

export interface FiltersTrial {
  readonly input: FiltersInput;
  readonly result: FiltersResult;
}

export const SHARES: readonly number[] = [0.0001, 0.001, 0.01, 0.1, 0.5, 1];
const WANTED = 21;
const K = 10;
const BATCH = 1000;
/** Coprime to every count: bytes are spread over the photos without order. */
const STRIDE = 7919;

function fill(library: Library, { photos, captions, count, seed }: FiltersInput): void {
  const vectors = syntheticVectors(photos, count, seed);
  for (let start = 0; start < count; start += BATCH) {
    library.commit(
      vectors.slice(start, start + BATCH).map((embedding, offset) => {
        const i = start + offset;
        // Bytes from 0 to count, each once: a bound on them leaves any share that one likes.
        const size = (i * STRIDE) % count;
        return madeUpPhoto(i, { embedding, size, description: captions[i % captions.length] });
      }),
    );
  }
}

const cost = (answers: readonly { ms: number }[]): number => median(answers.map(({ ms }) => ms));

trial<FiltersTrial>(async (input) => {
  const { texts, words, count } = input;
  await using place = await temporaryFolder();
  const dimensions = texts[0]?.length ?? 0;
  const options = { folder: join(place.path, 'library'), modelId: 'bench', dimensions, readOnly: false };
  await using library = await Library.open(options);
  fill(library, input);
  // Until their graph is there, rows are compared one by one.
  await library.save();
  const background = new Background(library);

  const ask = (i: number, mode: SearchMode, filter?: Filter): { ids: number[]; ms: number; plan: string } => {
    const start = performance.now();
    const found = findCandidates(
      {
        kind: 'photo',
        vector: texts[i] as Float32Array,
        texts: [words[i] as string],
        itemIds: [],
        filter,
        mode,
        cutoff: true,
        sort: 'score',
        wanted: WANTED,
      },
      library,
      background,
    );
    const ms = performance.now() - start;
    return { ids: found.list.map(({ id }) => id), ms, plan: found.plan.vectors };
  };
  const all = (mode: SearchMode, filter?: Filter): ReturnType<typeof ask>[] =>
    texts.map((_text, i) => ask(i, mode, filter));

  all('semantic');
  const unfiltered = cost(all('semantic'));
  const filtered = SHARES.map((share): FilterCost => {
    const filter: Filter = { field: 'size', op: '<', value: Math.max(1, Math.round(count * share)) };
    const first = ask(0, 'semantic', filter).ms;
    const answers = all('semantic', filter);
    const ids = library.filters.matching('photo', filter, count) ?? new Int32Array();
    let [right, wanted] = [0, 0];
    for (const [i, text] of texts.entries()) {
      const truth = library.searchAmong('photo', text, ids, K).map(({ id }) => id as number);
      // What a cut-off leaves out was not missed.
      const found = new Set(findAll(i, filter));
      right += truth.filter((id) => found.has(id)).length;
      wanted += truth.length;
    }
    return {
      share,
      plan: answers[0]?.plan ?? '',
      recall: wanted === 0 ? 1 : right / wanted,
      p50: cost(answers),
      p95: percentile(
        answers.map(({ ms }) => ms),
        0.95,
      ),
      first,
    };
  });
  function findAll(i: number, filter: Filter): number[] {
    return findCandidates(
      {
        kind: 'photo',
        vector: texts[i] as Float32Array,
        texts: [],
        itemIds: [],
        filter,
        mode: 'semantic',
        cutoff: false,
        sort: 'score',
        wanted: K,
      },
      library,
      background,
    )
      .list.slice(0, K)
      .map(({ id }) => id);
  }
  all('hybrid');
  const [semantic, hybrid, keyword] = [cost(all('semantic')), cost(all('hybrid')), cost(all('keyword'))];
  return { unfiltered, filtered, semantic, hybrid, keyword };
});
