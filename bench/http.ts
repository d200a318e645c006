/** What a server can take: how much it gets done, how evenly, and what becomes of it when far too much is asked. */
import type { Benchmark } from './benchmark.js';
import {
  CACHED_QUERIES,
  type HttpRound,
  httpRound,
  openHandles,
  others,
  rate,
  residentMegabytes,
  roundSections,
} from './http-round.js';
import { captionedPhotos } from './photo-set.js';
import { randomBase } from './random-model.js';
import { figure, type Section } from './report.js';
import { temporaryFolder } from './temporary-folder.js';
import { runTrial, startTrial } from './trial.js';
import type { LoadTrial } from './trials/http-load.js';
import type { ServerInput, ServerTrial } from './trials/server.js';

interface Scale {
  readonly photos: number;
  /** Rows beside them. */
  readonly synthetic: number;
  readonly seconds: number;
  readonly trials: number;
  readonly soakSeconds: number;
  /** Whether a model of the released base size is made and measured, too. */
  readonly base: boolean;
}

const FULL: Scale = {
  photos: Number.POSITIVE_INFINITY,
  synthetic: 100_000,
  seconds: 5,
  trials: 2,
  soakSeconds: 60,
  base: true,
};
const QUICK: Scale = { photos: 50, synthetic: 1000, seconds: 1, trials: 1, soakSeconds: 2, base: false };

/** Rows that the model of the base size searches: what an encoder costs does not depend on them. */
const BASE_ROWS = 1000;
const baseTitle = (): string => 'A model of the base size (int8, random weights)';
const thousands = (count: number): string => count.toLocaleString('en-US');

async function soak(
  url: string,
  captions: readonly string[],
  seconds: number,
  perSecond: number,
): Promise<Section> {
  const [memory, handles] = [await residentMegabytes(url), await openHandles(url)];
  const done = await runTrial<LoadTrial>('http-load', {
    url,
    texts: captions.map((caption, number) => `${caption} ${number}`),
    seconds,
    rate: perSecond,
  });
  return {
    title: `Half of what it can, for ${seconds} s`,
    figures: [
      figure('searches answered', 'searches', [done.answered.length]),
      figure('others', 'requests', [others(done) + (done.statuses[503] ?? 0)], '0'),
      figure('memory it added', 'MB', [(await residentMegabytes(url)) - memory]),
      figure('open files and sockets it added', 'handles', [(await openHandles(url)) - handles], '0'),
    ],
  };
}

export const httpBenchmark: Benchmark = {
  name: 'http',
  sentence: 'what a server can take: throughput, evenness, overload, recovery, and a soak',

  async run({ photos, limit, trials, soak: soakSeconds, quick }, say) {
    const scale = quick ? QUICK : FULL;
    await using set = await captionedPhotos(photos, Math.min(limit, scale.photos));
    const { captions, folder, files } = set;
    const sections: Section[] = [];

    const measured = async (
      subject: (photos: number) => string,
      input: ServerInput,
      wanted: number,
      then: (url: string, peak: number) => Promise<Section[]> = async () => [],
    ): Promise<void> => {
      await using server = await startTrial<ServerTrial>('server', input);
      const { url, photos: count } = server.result;
      const title = subject(count);
      say(title);
      const rounds: HttpRound[] = [];
      for (let round = 0; round < wanted; round++) {
        rounds.push(await httpRound({ url, model: input.model, captions, seconds: scale.seconds, say }));
      }
      sections.push(...roundSections(title, rounds));
      sections.push(...(await then(url, rate((rounds[0] as HttpRound).searches))));
    };

    const usual = (count: number): string => `${thousands(count)} photos`;
    await measured(usual, { folder }, trials ?? scale.trials);
    const besides = { count: scale.synthetic, captions };
    await measured(usual, { folder, besides }, trials ?? scale.trials, async (url, peak) => [
      await soak(url, captions, soakSeconds ?? scale.soakSeconds, peak / 2),
    ]);
    if (scale.base) {
      await using place = await temporaryFolder();
      say('making a model of the base size');
      const model = await randomBase(place.path, 'int8');
      await measured(baseTitle, { model, besides: { count: BASE_ROWS, captions } }, 1);
    }
    return {
      sections,
      notes: [
        `Photos: ${set.title}, ${files.length} of them; ${thousands(scale.synthetic)} more are rows alone, their vectors near those of the photos, their descriptions captions. The server is one process, its clients another on the loopback address; both share the cores. No two searches have the same text, but for the repeated ones: ${CACHED_QUERIES} texts in turn.`,
        'The text graph alone: as many callers, in a process that does nothing else. The embedded model is so small that a text costs it less than reading and writing a page of hits costs the server; with a model of the base size, as published ones are, the encoder decides.',
      ],
    };
  },
};
