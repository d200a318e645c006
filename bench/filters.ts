/** What filters and words cost beside a search by vectors alone, and whether a filtered search finds what there is. */
import type { Benchmark } from './benchmark.js';
import { gather, photoSet, spreadOver } from './photo-set.js';
import { figure, type Section } from './report.js';
import { temporaryFolder } from './temporary-folder.js';
import { runTrial } from './trial.js';
import type { EmbeddingsTrial } from './trials/embeddings.js';
import type { FiltersResult, FiltersTrial } from './trials/filters.js';

const SCALES = {
  full: { photos: 1000, count: 100_000, queries: 200, trials: 3 },
  quick: { photos: 60, count: 3000, queries: 20, trials: 1 },
} as const;

function sectionsOf(results: readonly FiltersResult[], count: number): Section[] {
  const of = (value: (result: FiltersResult) => number): number[] => results.map(value);
  const shares = results[0]?.filtered ?? [];
  const filtered = shares.flatMap(({ share, plan }, i) => {
    const at = (value: (cost: FiltersResult['filtered'][number]) => number): number[] =>
      results.map(({ filtered: costs }) => value(costs[i] as FiltersResult['filtered'][number]));
    const name = `${(share * 100).toLocaleString('en-US')} % (${plan})`;
    return [
      figure(
        `${name}: recall@10`,
        'share',
        at(({ recall }) => recall),
        '≥ 0.995',
      ),
      figure(
        `${name}: p50`,
        'ms',
        at(({ p50 }) => p50),
        '≤ 10 or 3 × unfiltered',
      ),
      figure(
        `${name}: p95`,
        'ms',
        at(({ p95 }) => p95),
      ),
      figure(
        `${name}: first time`,
        'ms',
        at(({ first }) => first),
      ),
    ];
  });
  return [
    {
      title: `Filters over ${count.toLocaleString('en-US')} photos, by the share that they leave`,
      figures: [
        figure(
          'unfiltered: p50',
          'ms',
          of(({ unfiltered }) => unfiltered),
        ),
        ...filtered,
      ],
    },
    {
      title: `Words beside vectors, ${count.toLocaleString('en-US')} photos with a caption each`,
      figures: [
        figure(
          'semantic: p50',
          'ms',
          of(({ semantic }) => semantic),
        ),
        figure(
          'hybrid: p50',
          'ms',
          of(({ hybrid }) => hybrid),
        ),
        figure(
          'hybrid − semantic',
          'ms',
          of(({ hybrid, semantic }) => hybrid - semantic),
          '≤ 3',
        ),
        figure(
          'keyword: p50',
          'ms',
          of(({ keyword }) => keyword),
        ),
      ],
    },
  ];
}

export const filtersBenchmark: Benchmark = {
  name: 'filters',
  sentence: 'filtered search against the exact result, and what words beside vectors cost',

  async run({ photos, limit, trials, quick }, say) {
    const scale = quick ? SCALES.quick : SCALES.full;
    await using set = await photoSet(photos, Math.min(limit, scale.photos));
    if (set.captions.length === 0)
      throw new RangeError('Expected captions.jsonl in the folder of photos or beside it.');
    await using place = await temporaryFolder();
    const files = await gather(set.files, place.path);
    const words = spreadOver(set.captions, scale.queries);
    const real = await runTrial<EmbeddingsTrial>('embeddings', { files, texts: words });
    const results: FiltersResult[] = [];
    const wanted = trials ?? scale.trials;
    for (let seed = 1; seed <= wanted; seed++) {
      const input = { ...real, words, captions: set.captions, count: scale.count, seed };
      results.push(await runTrial<FiltersTrial>('filters', input));
      say(`filters, ${seed} of ${wanted}`);
    }
    return {
      sections: sectionsOf(results, scale.count),
      notes: [
        `Photos: ${set.title}, multiplied as in the benchmark search; each has one of the captions as its description. ${words.length} captions as queries, their embeddings made before: encoding is not counted, everything else of finding candidates is.`,
        'The filter is a bound on the size of the file, which has no index: the dearest kind. Its items are remembered until something changes; “first time” is the search that finds them.',
      ],
    };
  },
};
