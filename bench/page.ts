/** Whether the search page is as quick as it looks: first results, and scrolling through a hundred thousand photos. */
import type { Benchmark } from './benchmark.js';
import { type Figure, figure, type Section } from './report.js';
import { runTrial } from './trial.js';
import type { Frames, PageResult, PageTrial } from './trials/page.js';

const TRIALS = 3;
const HITS = 100_000;
const FEW_HITS = 2000;

function scrolling(title: string, passes: readonly Frames[], more: readonly Figure[] = []): Section {
  const of = (value: (frames: Frames) => number): number[] => passes.map(value);
  return {
    title,
    figures: [
      figure(
        'frames a second',
        '',
        of(({ rate }) => rate),
        '60',
      ),
      figure(
        'frame, p95',
        'ms',
        of(({ p95 }) => p95),
      ),
      figure(
        'frames of more than 34 ms',
        '%',
        of(({ late }) => late * 100),
      ),
      figure(
        'main thread busy',
        '%',
        of(({ busy }) => busy * 100),
      ),
      ...more,
    ],
  };
}

export const pageBenchmark: Benchmark = {
  name: 'page',
  sentence: 'the search page in Chromium: first results, and frames while scrolling',

  async run({ trials, quick }, say) {
    const wanted = trials ?? (quick ? 1 : TRIALS);
    const hits = quick ? FEW_HITS : HITS;
    const results: PageResult[] = [];
    for (let i = 0; i < wanted; i++) {
      results.push(await runTrial<PageTrial>('page', { hits }));
      say(`visit ${i + 1} of ${wanted}`);
    }
    const of = <Value>(value: (result: PageResult) => Value): Value[] => results.map(value);
    return {
      sections: [
        {
          title: 'First load',
          figures: [
            figure(
              'script, gzipped',
              'kB',
              of(({ scriptBytes }) => scriptBytes / 1000),
              '≤ 60',
            ),
            figure(
              'first paint',
              'ms',
              of(({ firstPaint }) => firstPaint),
            ),
            figure(
              'first results after the answer',
              'ms',
              of(({ firstResults }) => firstResults),
              '≤ 300',
            ),
          ],
        },
        scrolling(
          `Scrolling through ${hits.toLocaleString('en')} photos`,
          of(({ wheel }) => wheel),
          [
            figure(
              'photos in the document, most',
              '',
              of(({ wheel }) => wheel.tiles),
            ),
          ],
        ),
        scrolling(
          'Dragging the scroll bar from end to end',
          of(({ drag }) => drag),
        ),
      ],
      notes: [
        'Headless Chromium without a GPU, 1280 × 860; server, browser and this program share the cores. Frames are counted by requestAnimationFrame, of which a display of 60 Hz has 60 a second.',
        'The first results are those of a real search in the demo collection: from the end of the answer to the frame in which the first photo stands.',
        'A server gives 10,060 hits at most, so the answer with a hundred thousand is made here, of the demo photos over and over; the page and its pictures are the real ones.',
      ],
    };
  },
};
