/** How long somebody waits who starts Sightline for the first time, for the second, and for one search on the command line. */
import type { Benchmark } from './benchmark.js';
import { figure } from './report.js';
import { runTrial } from './trial.js';
import type { StartupResult, StartupTrial } from './trials/startup.js';

const TRIALS = 3;

export const startupBenchmark: Benchmark = {
  name: 'startup',
  sentence: 'from the command to a usable page, first and second time',

  async run({ trials, quick }, say) {
    const results: StartupResult[] = [];
    const wanted = trials ?? (quick ? 1 : TRIALS);
    for (let i = 0; i < wanted; i++) {
      results.push(await runTrial<StartupTrial>('startup', {}));
      say(`start ${i + 1} of ${wanted}`);
    }
    const of = (value: (result: StartupResult) => number | undefined): (number | undefined)[] =>
      results.map(value);
    return {
      sections: [
        {
          title: `First start, drawing and ingesting ${results[0]?.photos ?? 0} scenes`,
          figures: [
            figure(
              'address told',
              's',
              of(({ first }) => first.listening),
            ),
            figure(
              'page',
              's',
              of(({ first }) => first.page),
            ),
            figure(
              'ready (/readyz)',
              's',
              of(({ first }) => first.ready),
              '≤ 20',
            ),
            figure(
              'first hits',
              's',
              of(({ first }) => first.found),
              '≤ 20',
            ),
            figure(
              'demo complete',
              's',
              of(({ first }) => first.complete),
            ),
            figure(
              'memory, peak',
              'MiB',
              of(({ first }) => first.peakMemory),
              '≤ 700',
            ),
          ],
        },
        {
          title: 'Second start, the library is there',
          figures: [
            figure(
              'address told',
              's',
              of(({ second }) => second.listening),
            ),
            figure(
              'status (/api/status)',
              's',
              of(({ second }) => second.status),
              '≤ 2',
            ),
            figure(
              'first hits',
              's',
              of(({ second }) => second.search),
              '≤ 2',
            ),
            figure(
              'memory, peak',
              'MiB',
              of(({ second }) => second.peakMemory),
              '≤ 700',
            ),
          ],
        },
        {
          title: 'Command line, no server running',
          figures: [
            figure(
              'sightline search TEXT, whole process',
              's',
              of(({ commandSearch }) => commandSearch),
            ),
          ],
        },
      ],
      notes: [
        'Each repetition begins with an empty folder and starts the command in a process of its own: node sightline.mjs serve --demo --port 0. Packages are installed and the code is built.',
        'Seconds from the start of the process; the looks are 20 ms apart and follow one another in the order of the table.',
      ],
    };
  },
};
