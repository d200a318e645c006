/** One round of everything that is asked of a server, and the figures that come of several. */
import { type Figure, figure, type Section } from './report.js';
import { percentile } from './statistics.js';
import { runTrial } from './trial.js';
import type { LoadInput, LoadResult, LoadTrial } from './trials/http-load.js';
import type { TextRateTrial } from './trials/text-rate.js';

export interface HttpRound {
  readonly textRate: number;
  readonly searches: LoadResult;
  readonly cached: LoadResult;
  readonly calm: LoadResult;
  readonly overload: LoadResult;
  readonly recovery: LoadResult;
  readonly memoryBefore: number;
  readonly memoryAfter: number;
}

export interface RoundRequest {
  readonly url: string;
  /** The folder of a bundle. Default: the embedded model. */
  readonly model?: string | undefined;
  readonly captions: readonly string[];
  /** Of each load. */
  readonly seconds: number;
  readonly say: (line: string) => void;
}

/** Requests under way when everything is asked of the server. */
export const TOGETHER = 48;
export const CACHED_QUERIES = 20;
const CALM = 0.7;
const OVERLOAD = 10;
const RECOVERY_SECONDS = 2;
const MEGABYTE = 1024 * 1024;
/** Searches that a load has texts for; more begin again, and are remembered. */
const TEXTS = 20_000;

export const rate = ({ answered, seconds }: LoadResult): number => answered.length / seconds;

/** What a server says of itself at `/metrics`. */
async function gauge(url: string, name: string): Promise<number> {
  const text = await (await fetch(`${url}/metrics`)).text();
  return Number(new RegExp(`^${name} (\\S+)`, 'm').exec(text)?.[1] ?? Number.NaN);
}

export const residentMegabytes = async (url: string): Promise<number> =>
  (await gauge(url, 'sightline_process_resident_memory_bytes')) / MEGABYTE;

export const openHandles = (url: string): Promise<number> => gauge(url, 'sightline_process_open_fds');

/** Captions with a number, so that no two searches are the same. */
function* different(captions: readonly string[]): Generator<string> {
  for (let number = 0; ; number++) yield `${captions[number % captions.length]} ${number}`;
}

export async function httpRound({ url, model, captions, seconds, say }: RoundRequest): Promise<HttpRound> {
  // Texts of one round are not those of the next.
  const salted = captions.map((caption) => `${caption} ${Math.floor(performance.now())}`);
  const texts = different(salted);
  const take = (count: number): string[] => Array.from({ length: count }, () => texts.next().value as string);
  const load = (input: Omit<LoadInput, 'url' | 'texts'>, words = take(TEXTS)): Promise<LoadResult> =>
    runTrial<LoadTrial>('http-load', { url, texts: words, ...input });
  const alone = { texts: captions, seconds, together: TOGETHER, ...(model !== undefined && { model }) };
  const textRate = await runTrial<TextRateTrial>('text-rate', alone);
  say(`text graph alone: ${textRate.toFixed(0)}/s`);
  await load({ seconds: 1, together: TOGETHER });
  const searches = await load({ seconds, together: TOGETHER });
  const peak = rate(searches);
  say(`searches: ${peak.toFixed(0)}/s`);
  const few = take(CACHED_QUERIES);
  await load({ seconds: 0.5, together: 4 }, few);
  const cached = await load({ seconds, together: TOGETHER }, few);
  say(`repeated: ${rate(cached).toFixed(0)}/s`);
  const calm = await load({ seconds, rate: peak * CALM });
  say(`at 70 %: p50 ${p(calm, 0.5).toFixed(1)} ms, p99 ${p(calm, 0.99).toFixed(1)} ms`);
  const memoryBefore = await residentMegabytes(url);
  const overload = await load({ seconds, rate: peak * OVERLOAD });
  // The load has just ended: these are the first two seconds after it.
  const recovery = await load({ seconds: RECOVERY_SECONDS, rate: peak * CALM });
  const memoryAfter = await residentMegabytes(url);
  say(`overload: ${rate(overload).toFixed(0)}/s answered`);
  return { textRate, searches, cached, calm, overload, recovery, memoryBefore, memoryAfter };
}

/** Requests that were neither answered nor told to come back. */
export const others = ({ statuses }: LoadResult): number =>
  Object.entries(statuses).reduce(
    (sum, [status, count]) => sum + (/^(200|503)$/.test(status) ? 0 : count),
    0,
  );

/** Milliseconds below which a share of the answers came. */
const p = ({ answered }: LoadResult, share: number): number =>
  answered.length === 0 ? Number.POSITIVE_INFINITY : percentile(answered, share);

/** @param subject what the server has, at the head of each table */
export function roundSections(subject: string, rounds: readonly HttpRound[]): Section[] {
  const of = (what: string, unit: string, value: (round: HttpRound) => number, target?: string): Figure =>
    figure(what, unit, rounds.map(value), target);
  return [
    {
      title: `${subject}: everything at once, ${TOGETHER} requests under way`,
      figures: [
        of('text graph alone', '1/s', ({ textRate }) => textRate),
        of('searches', '1/s', ({ searches }) => rate(searches)),
        of('searches ÷ text graph', 'ratio', ({ searches, textRate }) => rate(searches) / textRate, '≥ 0.9'),
        of('repeated searches', '1/s', ({ cached }) => rate(cached), '≥ 1500'),
      ],
    },
    {
      title: `${subject}: 70 % of that, evenly`,
      figures: [
        of('p50', 'ms', ({ calm }) => p(calm, 0.5)),
        of('p99', 'ms', ({ calm }) => p(calm, 0.99)),
        of('p99 ÷ p50', 'ratio', ({ calm }) => p(calm, 0.99) / p(calm, 0.5), '< 2'),
      ],
    },
    {
      title: `${subject}: ten times as much as it can`,
      figures: [
        of('answered', '1/s', ({ overload }) => rate(overload)),
        of('answered ÷ peak', 'ratio', ({ overload, searches }) => rate(overload) / rate(searches), '≥ 0.8'),
        of('neither answered nor told to come back', 'requests', ({ overload }) => others(overload), '0'),
        of(
          `in the ${RECOVERY_SECONDS} seconds after it, p50 ÷ usual`,
          'ratio',
          ({ recovery, calm }) => p(recovery, 0.5) / p(calm, 0.5),
        ),
        of('refused in those seconds', 'requests', ({ recovery }) => recovery.statuses[503] ?? 0),
        of('memory it added', 'MB', ({ memoryBefore, memoryAfter }) => memoryAfter - memoryBefore),
      ],
    },
  ];
}
