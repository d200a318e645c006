/** What a server can take: how much it gets done, how evenly, and what becomes of it when far too much is asked. */
import type { Benchmark } from './benchmark.js';
import { gather, photoSet } from './photo-set.js';
import { type Figure, figure, type Section } from './report.js';
import { percentile } from './statistics.js';
import { temporaryFolder } from './temporary-folder.js';
import { runTrial, startTrial } from './trial.js';
import type { LoadInput, LoadResult, LoadTrial } from './trials/http-load.js';
import type { ServerTrial } from './trials/server.js';
import type { TextRateTrial } from './trials/text-rate.js';

interface Scale {
  readonly photos: number;
  readonly seconds: number;
  readonly trials: number;
  readonly soakSeconds: number;
}

const FULL: Scale = { photos: Number.POSITIVE_INFINITY, seconds: 15, trials: 3, soakSeconds: 300 };
const QUICK: Scale = { photos: 50, seconds: 1, trials: 1, soakSeconds: 2 };

/** Requests under way when everything is asked of the server. */
const TOGETHER = 48;
const CACHED_QUERIES = 20;
const CALM = 0.7;
const OVERLOAD = 10;
const MEGABYTE = 1024 * 1024;

type Load = Omit<LoadInput, 'url' | 'texts'>;

interface Round {
  readonly textRate: number;
  readonly searches: LoadResult;
  readonly cached: LoadResult;
  readonly calm: LoadResult;
  readonly overload: LoadResult;
  readonly recovery: LoadResult;
  readonly memoryBefore: number;
  readonly memoryAfter: number;
}

const rate = ({ answered, seconds }: LoadResult): number => answered.length / seconds;

async function residentMegabytes(url: string): Promise<number> {
  const text = await (await fetch(`${url}/metrics`)).text();
  const bytes = Number(/^sightline_process_resident_memory_bytes (\d+)/m.exec(text)?.[1] ?? Number.NaN);
  return bytes / MEGABYTE;
}

/** Captions with a number, so that no two searches are the same. */
function* different(captions: readonly string[]): Generator<string> {
  for (let number = 0; ; number++) yield `${captions[number % captions.length]} ${number}`;
}

async function measure(
  url: string,
  captions: readonly string[],
  seconds: number,
  say: (line: string) => void,
): Promise<Round> {
  const texts = different(captions);
  const take = (count: number): string[] => Array.from({ length: count }, () => texts.next().value as string);
  const load = (input: Load, words = take(20_000)): Promise<LoadResult> =>
    runTrial<LoadTrial>('http-load', { url, texts: words, ...input });
  const textRate = await runTrial<TextRateTrial>('text-rate', {
    texts: captions,
    seconds,
    together: TOGETHER,
  });
  say(`text graph alone: ${textRate.toFixed(0)}/s`);
  const searches = await load({ seconds, together: TOGETHER });
  const peak = rate(searches);
  say(`searches: ${peak.toFixed(0)}/s`);
  const few = take(CACHED_QUERIES);
  await load({ seconds: 0.5, together: 4 }, few);
  const cached = await load({ seconds, together: TOGETHER }, few);
  say(`repeated: ${rate(cached).toFixed(0)}/s`);
  const calm = await load({ seconds, rate: peak * CALM });
  const memoryBefore = await residentMegabytes(url);
  const overload = await load({ seconds, rate: peak * OVERLOAD });
  // The load has just ended: these are the first two seconds after it.
  const recovery = await load({ seconds: 2, rate: peak * CALM });
  const memoryAfter = await residentMegabytes(url);
  say(`overload: ${rate(overload).toFixed(0)}/s answered`);
  return { textRate, searches, cached, calm, overload, recovery, memoryBefore, memoryAfter };
}

const others = ({ statuses }: LoadResult): number =>
  Object.entries(statuses).reduce(
    (sum, [status, count]) => sum + (/^(200|503)$/.test(status) ? 0 : count),
    0,
  );

/** Milliseconds below which a share of the answers came. */
const p = ({ answered }: LoadResult, share: number): number =>
  answered.length === 0 ? Number.POSITIVE_INFINITY : percentile(answered, share);

function sectionsOf(rounds: readonly Round[]): Section[] {
  const of = (what: string, unit: string, value: (round: Round) => number, target?: string): Figure =>
    figure(what, unit, rounds.map(value), target);
  return [
    {
      title: `Everything at once: ${TOGETHER} requests under way`,
      figures: [
        of('text graph alone', '1/s', ({ textRate }) => textRate),
        of('searches', '1/s', ({ searches }) => rate(searches)),
        of('searches ÷ text graph', 'ratio', ({ searches, textRate }) => rate(searches) / textRate, '≥ 0.9'),
        of('repeated searches', '1/s', ({ cached }) => rate(cached), '≥ 1500'),
      ],
    },
    {
      title: '70 % of that, evenly',
      figures: [
        of('p50', 'ms', ({ calm }) => p(calm, 0.5)),
        of('p99', 'ms', ({ calm }) => p(calm, 0.99)),
        of('p99 ÷ p50', 'ratio', ({ calm }) => p(calm, 0.99) / p(calm, 0.5), '< 2'),
      ],
    },
    {
      title: 'Ten times as much as it can',
      figures: [
        of('answered', '1/s', ({ overload }) => rate(overload)),
        of('answered ÷ peak', 'ratio', ({ overload, searches }) => rate(overload) / rate(searches), '≥ 0.8'),
        of('neither answered nor told to come back', 'requests', ({ overload }) => others(overload), '0'),
        of(
          'in the two seconds after it, p50 ÷ usual',
          'ratio',
          ({ recovery, calm }) => p(recovery, 0.5) / p(calm, 0.5),
        ),
        of('refused in those two seconds', 'requests', ({ recovery }) => recovery.statuses[503] ?? 0),
        of('memory it added', 'MB', ({ memoryBefore, memoryAfter }) => memoryAfter - memoryBefore),
      ],
    },
  ];
}

export const httpBenchmark: Benchmark = {
  name: 'http',
  sentence: 'what a server can take: throughput, evenness, overload, recovery, and a soak',

  async run({ photos, limit, trials, quick }, say) {
    const scale = quick ? QUICK : FULL;
    await using set = await photoSet(photos, Math.min(limit, scale.photos));
    if (set.captions.length === 0)
      throw new RangeError('Expected captions.jsonl in the folder of photos or beside it.');
    await using place = await temporaryFolder();
    const files = await gather(set.files, place.path);
    const rounds: Round[] = [];
    await using server = await startTrial<ServerTrial>('server', { folder: place.path });
    const { url } = server.result;
    for (let round = 0; round < (trials ?? scale.trials); round++) {
      rounds.push(await measure(url, set.captions, scale.seconds, say));
    }
    const calm = rate((rounds[0] as Round).searches) / 2;
    const soakStart = await residentMegabytes(url);
    const soak = await runTrial<LoadTrial>('http-load', {
      url,
      texts: set.captions.map((caption, number) => `${caption} ${number}`),
      seconds: scale.soakSeconds,
      rate: calm,
    });
    const soakEnd = await residentMegabytes(url);
    const soaked: Section = {
      title: `Half of what it can, for ${scale.soakSeconds} s`,
      figures: [
        figure('searches answered', 'searches', [soak.answered.length]),
        figure('others', 'requests', [others(soak) + (soak.statuses[503] ?? 0)], '0'),
        figure('memory it added', 'MB', [soakEnd - soakStart]),
      ],
    };
    return {
      sections: [...sectionsOf(rounds), soaked],
      notes: [
        `Photos: ${set.title}, ${files.length} of them. The server is one process, its clients another on the loopback address; both share the cores. No two searches have the same text, but for the repeated ones: ${CACHED_QUERIES} texts in turn.`,
        'The text graph alone: as many callers, in a process that does nothing else.',
      ],
    };
  },
};
