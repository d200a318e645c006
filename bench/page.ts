/** Whether the search page is as quick as it looks: first results, and scrolling through a hundred thousand photos. */
import type { Benchmark } from './benchmark.js';
import { figure } from './report.js';
import { runTrial } from './trial.js';
import type { PageResult, PageTrial } from './trials/page.js';

const TRIALS = 3;
const HITS = 100_000;
const FEW_HITS = 2000;

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
    const of = (value: (result: PageResult) => number): number[] => results.map(value);
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
        {
          title: `Scrolling through ${hits.toLocaleString('en')} photos`,
          figures: [
            figure(
              'frames a second',
              '',
              of(({ wheel }) => wheel.rate),
              '60',
            ),
            figure(
              'frame, p95',
              'ms',
              of(({ wheel }) => wheel.p95),
            ),
            figure(
              'frames of more than 34 ms',
              '%',
              of(({ wheel }) => wheel.late * 100),
            ),
            figure(
              'main thread busy',
              '%',
              of(({ wheel }) => wheel.busy * 100),
            ),
            figure(
              'photos in the document, most',
              '',
              of(({ wheel }) => wheel.tiles),
            ),
          ],
        },
        {
          title: 'Dragging the scroll bar from end to end',
          figures: [
            figure(
              'frames a second',
              '',
              of(({ drag }) => drag.rate),
              '60',
            ),
            figure(
              'frame, p95',
              'ms',
              of(({ drag }) => drag.p95),
            ),
            figure(
              'frames of more than 34 ms',
              '%',
              of(({ drag }) => drag.late * 100),
            ),
            figure(
              'main thread busy',
              '%',
              of(({ drag }) => drag.busy * 100),
            ),
          ],
        },
      ],
      notes: [
        'Headless Chromium without a GPU, 1280 × 860; server, browser and this program share the cores. Frames are counted by requestAnimationFrame, of which a display of 60 Hz has 60 a second.',
        'The first results are those of a real search in the demo collection: from the end of the answer to the frame in which the first photo stands.',
        'A server gives 10,060 hits at most, so the answer with a hundred thousand is made here, of the demo photos over and over; the page and its pictures are the real ones.',
      ],
    };
  },
};
