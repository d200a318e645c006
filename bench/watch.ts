/** How soon a new photo is found, what a backfill costs those who search, and what a look through unchanged files costs. */
import { join } from 'node:path';
import type { Benchmark } from './benchmark.js';
import { cameraPhotos, USUAL_DRAWINGS } from './camera-photos.js';
import { photoSet, spreadOver } from './photo-set.js';
import { type Figure, figure, type Section } from './report.js';
import { percentile } from './statistics.js';
import { temporaryFolder } from './temporary-folder.js';
import { runTrial } from './trial.js';
import type { UnchangedTrial } from './trials/unchanged-pass.js';
import type { Part, WatchedTrial } from './trials/watched-folder.js';

const TRIALS = 2;
const UNCHANGED = 100_000;
const QUICK = { photos: 200, newcomers: 1, searches: 10, apart: 2, unchanged: 2000 };
const FULL = { newcomers: 10, searches: 150, apart: 40 };
/** With fewer a fast machine is done with the backfill before everything beside it is measured. */
const BACKFILL = 2500;
/** Of other sizes than the backfill's photos, and so of other contents. */
const NEWCOMER = { width: 3800, height: 2850 };
const FIRST = { width: 900, height: 600 };
const TEXTS = 200;
const P95 = 0.95;

type Watched = WatchedTrial['result'];

const p95 = (samples: readonly number[]): number => percentile(samples, P95);

function searchSection(
  title: string,
  watched: readonly Watched[],
  times: (part: Part) => readonly number[],
): Section {
  const of = (value: (one: Watched) => number): number[] => watched.map(value);
  const waits = (when: string, part: (one: Watched) => Part): Figure[] =>
    ([0.5, P95] as const).map((share) =>
      figure(
        `p${share * 100}, ${when}`,
        'ms',
        of((one) => percentile(times(part(one)), share)),
      ),
    );
  return {
    title,
    figures: [
      ...waits('at rest', ({ idle }) => idle),
      ...waits('during a considerate backfill', ({ backfill }) => backfill),
      figure(
        'p95 ÷ p95',
        'ratio',
        of(({ idle, backfill }) => p95(times(backfill)) / p95(times(idle))),
        '≤ 2',
      ),
    ],
  };
}

export const watchBenchmark: Benchmark = {
  name: 'watch',
  sentence: 'a new photo until it is found, searches during a backfill, a look through unchanged files',
  limit: BACKFILL,

  async run({ limit, trials, quick }, say) {
    await using set = await photoSet(undefined, TEXTS);
    const size = quick ? QUICK : { photos: limit, ...FULL, unchanged: UNCHANGED };
    const texts = spreadOver(set.captions, Math.min(TEXTS, set.captions.length));
    const wanted = trials ?? (quick ? 1 : TRIALS);
    const watched: Watched[] = [];
    const passes: UnchangedTrial['result'][] = [];
    await using place = await temporaryFolder();
    // Made here: what it takes to make them must not count as memory of the ingest.
    const backfill = join(place.path, 'backfill');
    await cameraPhotos(backfill, size.photos);
    for (let i = 0; i < wanted; i++) {
      const own = join(place.path, String(i));
      // Of scenes that the backfill does not have: which of two equal pictures a search finds first is chance.
      const drawings = { first: USUAL_DRAWINGS.count, count: 2 * size.newcomers };
      const newcomers = await cameraPhotos(join(own, 'newcomers'), 2 * size.newcomers, NEWCOMER, drawings);
      const [first = ''] = await cameraPhotos(join(own, 'first'), 1, FIRST);
      const { searches, apart } = size;
      const input = { backfill, newcomers, first, searches, apart, texts };
      watched.push(await runTrial<WatchedTrial>('watched-folder', input));
      passes.push(await runTrial<UnchangedTrial>('unchanged-pass', { files: size.unchanged }));
      say(`round ${i + 1} of ${wanted}`);
    }
    const of = (value: (one: Watched) => number): number[] => watched.map(value);
    return {
      sections: [
        {
          title: 'A new photo of 11 megapixels in a watched folder',
          figures: [
            figure(
              'until found, at rest, median',
              's',
              of(({ idle }) => percentile(idle.findable, 0.5)),
              '≤ 1.5',
            ),
            figure(
              'until found, at rest, longest',
              's',
              of(({ idle }) => Math.max(...idle.findable)),
            ),
            figure(
              'until found, during a backfill, median',
              's',
              of(({ backfill: during }) => percentile(during.findable, 0.5)),
            ),
            figure(
              'until found, during a backfill, longest',
              's',
              of(({ backfill: during }) => Math.max(...during.findable)),
              '≤ 5',
            ),
          ],
        },
        searchSection('Searches by text, a tenth of a second apart', watched, ({ searches }) => searches),
        searchSection('Searches by text, 0.7 seconds apart', watched, ({ apart }) => apart),
        {
          title: `A look through ${size.unchanged} files that have not changed`,
          figures: [
            figure(
              'time',
              's',
              passes.map(({ pass }) => pass.seconds),
              '≤ 10',
            ),
            figure(
              'processor time',
              's',
              passes.map(({ pass }) => pass.cpuSeconds),
            ),
            figure(
              'bytes read',
              'per file',
              passes.map(({ bytesRead, files }) => bytesRead && bytesRead / files),
            ),
          ],
        },
      ],
      notes: [
        'A new photo is moved into the folder, settles for 0.7 s at most, and counts as found when a search by it names its path; no other photo shows the same scene.',
        'A considerate backfill is one with --nice. Searches go to the engine in the process that ingests; HTTP is not among them. Close together, the backfill rests most of the time; further apart, every search meets it at work.',
        'The unchanged files hold another content than the library was told, so that one that was opened would count as changed. Bytes read are those of all reads of the process, SQLite’s among them (rchar of /proc/self/io).',
      ],
    };
  },
};
