/** What a library costs as it grows: rows, graphs, opening, searching, memory. */
import type { Benchmark } from './benchmark.js';
import { gather, photoSet, spreadOver } from './photo-set.js';
import type { Plot } from './plot.js';
import { figure, type Section } from './report.js';
import { median } from './statistics.js';
import { temporaryFolder } from './temporary-folder.js';
import { runTrial } from './trial.js';
import type { EmbeddingsTrial } from './trials/embeddings.js';
import type { InsertionResult, InsertionTrial } from './trials/insertion.js';
import type { LibraryBuildResult, LibraryBuildTrial } from './trials/library-build.js';
import type { LibraryOpenResult, LibraryOpenTrial } from './trials/library-open.js';

interface Scale {
  readonly photos: number;
  /** Sizes of libraries; each is built once and opened by some processes. */
  readonly sizes: readonly number[];
  readonly openings: number;
  readonly insertions: number;
}

const FULL: Scale = {
  photos: Number.POSITIVE_INFINITY,
  sizes: [10_000, 100_000, 1_000_000],
  openings: 3,
  insertions: 20_000,
};
const QUICK: Scale = { photos: 100, sizes: [2_000, 6_000], openings: 1, insertions: 2_000 };

const QUERIES = 400;
const LARGE = 1_000_000;
const MIDDLE = 100_000;

interface Grown {
  readonly count: number;
  /** Of each process that inserted the rows; the last one built the graph, too. */
  readonly built: readonly LibraryBuildResult[];
  readonly opened: readonly LibraryOpenResult[];
}

function sizeSection({ count, built, opened }: Grown): Section {
  const of = (value: (result: LibraryOpenResult) => number): number[] => opened.map(value);
  const at = (size: number, target: string): string | undefined => (count === size ? target : undefined);
  return {
    title: `A library of ${count.toLocaleString('en-US')} photos`,
    figures: [
      figure(
        'rows inserted',
        '1/s',
        built.map(({ insertRate }) => insertRate),
        at(MIDDLE, '≥ 30,000'),
      ),
      figure(
        'rows inserted, of one core',
        '1/s',
        built.map(({ insertRateOfProcessor }) => insertRateOfProcessor),
      ),
      figure(
        'graph built',
        'vectors/s',
        built.flatMap(({ buildRate }) => buildRate ?? []),
      ),
      figure(
        'opened from its snapshot',
        's',
        of(({ openSeconds }) => openSeconds),
        at(LARGE, '≤ 8'),
      ),
      figure(
        'search p50',
        'ms',
        of(({ p50 }) => p50),
        at(LARGE, '≤ 3'),
      ),
      figure(
        'search p99',
        'ms',
        of(({ p99 }) => p99),
        at(LARGE, '≤ 15'),
      ),
      figure(
        'recall@10',
        'share',
        of(({ recall }) => recall),
        at(LARGE, '≥ 0.98') ?? at(MIDDLE, '≥ 0.99'),
      ),
      figure(
        'memory',
        'MiB',
        of(({ resident }) => resident / 1024 ** 2),
      ),
      figure(
        'memory ÷ vectors and links',
        'ratio',
        of(({ resident, vectorsAndLinks }) => resident / vectorsAndLinks),
        at(LARGE, '≤ 1.3'),
      ),
    ],
  };
}

function insertionSection(results: readonly InsertionResult[], count: number): Section {
  const of = (value: (result: InsertionResult) => number): number[] => results.map(value);
  return {
    title: `Insertion of ${count.toLocaleString('en-US')} vectors, against the bare addon`,
    figures: [
      figure(
        'index',
        'vectors/s',
        of(({ own }) => own),
      ),
      figure(
        'addon',
        'vectors/s',
        of(({ addon }) => addon),
      ),
      figure(
        'index ÷ addon',
        'ratio',
        of(({ own, addon }) => own / addon),
        '≥ 0.9',
      ),
    ],
  };
}

/** Sizes are told as powers of ten, because they grow by them. */
function costPlot(grown: readonly Grown[]): Plot {
  const line = (label: string, value: (one: Grown) => number): Plot['series'][number] => ({
    label,
    points: grown.map((one) => [Math.log10(one.count), value(one)] as const),
    dots: true,
  });
  return {
    id: 'cost',
    title: 'What a library costs as it grows',
    x: { label: 'photos, as a power of ten' },
    y: { label: 'milliseconds; seconds for opening', from: 0 },
    series: [
      line('search p50, ms', ({ opened }) => median(opened.map(({ p50 }) => p50))),
      line('search p99, ms', ({ opened }) => median(opened.map(({ p99 }) => p99))),
      line('opening, s', ({ opened }) => median(opened.map(({ openSeconds }) => openSeconds))),
    ],
  };
}

export const indexBenchmark: Benchmark = {
  name: 'index',
  sentence: 'rows, graphs, opening, searching and memory from ten thousand to a million photos',

  async run({ photos, limit, trials, quick }, say) {
    const scale = quick ? QUICK : FULL;
    await using set = await photoSet(photos, Math.min(limit, scale.photos));
    await using place = await temporaryFolder();
    const files = await gather(set.files, place.path);
    const real = await runTrial<EmbeddingsTrial>('embeddings', {
      files,
      texts: spreadOver(set.captions, QUERIES),
    });
    const grown: Grown[] = [];
    for (const count of scale.sizes) {
      const times = trials ?? scale.openings;
      // The largest one is there to be opened; its rows are told once.
      const rowsAlone = count < LARGE ? times - 1 : 0;
      const built: LibraryBuildResult[] = [];
      const build = async (folder: string, graph: boolean): Promise<void> => {
        const input = { folder, photos: real.photos, count, seed: 1, graph };
        built.push(await runTrial<LibraryBuildTrial>('library-build', input));
      };
      for (let i = 0; i < rowsAlone; i++) {
        await using rows = await temporaryFolder();
        await build(rows.path, false);
      }
      await using folder = await temporaryFolder();
      await build(folder.path, true);
      say(`a library of ${count} photos is built`);
      const opened: LibraryOpenResult[] = [];
      for (let i = 0; i < times; i++)
        opened.push(
          await runTrial<LibraryOpenTrial>('library-open', { folder: folder.path, texts: real.texts }),
        );
      grown.push({ count, built, opened });
    }
    const insertions: InsertionResult[] = [];
    for (let i = 0; i < (trials ?? scale.openings); i++)
      insertions.push(
        await runTrial<InsertionTrial>('insertion', { photos: real.photos, count: scale.insertions }),
      );
    return {
      sections: [...grown.map(sizeSection), insertionSection(insertions, scale.insertions)],
      plots: [costPlot(grown)],
      notes: [
        `Photos: synthetic vectors, each a real photo's plus noise (cosine about 0.86), real ones from ${set.title}; ${real.texts.length} real text embeddings as queries, 20 hits wanted, recall over the first 10 against a comparison of all rows. Texts lie apart from photos: queries of photos are found more surely.`,
        'Rows: of each photo an item, a file, an embedding and its words, 1,024 photos in a transaction, with their copies in the searchable index; of one core: by the processor time that this took, whatever else ran. Graph: by its thread, from the rows, written, checked and read back.',
        'Each opening is a process that did nothing before, the files in the cache of the system; its memory is the resident set after the searches. Vectors and links are what the graph holds of either; the rest is Node, SQLite, the locks and the table of ids of the addon.',
        'Insertion: index and addon take turns over the same vectors; the addon is given plain arrays that were made before.',
      ],
    };
  },
};
