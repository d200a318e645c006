/** How near the ingest comes to what its two costly parts, decoding and encoding, allow on the same cores. */
import type { Benchmark } from './benchmark.js';
import { cameraPhotos } from './camera-photos.js';
import { gather, photoSet, spreadOver } from './photo-set.js';
import { BATCH, DECODERS } from './pipeline-shape.js';
import { figure } from './report.js';
import type { Effort } from './stopwatch.js';
import { temporaryFolder } from './temporary-folder.js';
import { runTrial } from './trial.js';
import type { DecodeTrial } from './trials/decode.js';
import type { EncodeTrial } from './trials/encode.js';
import type { IngestResult, IngestTrial } from './trials/ingest.js';

const TRIALS = 3;
const QUICK_PHOTOS = 100;
/** Photos on which decoding and encoding alone are timed: more would tell the same. */
const SAMPLE = 1000;

interface Round {
  readonly decode: Effort;
  /** Decoding with previews. */
  readonly preview: Effort;
  readonly encode: Effort;
  readonly ingest: IngestResult;
}

/** Seconds for the sample in which decoding and encoding would only take turns, each as fast as it is alone. */
function attainable({ decode, encode }: Round): number {
  return decode.seconds + encode.seconds;
}

const busy = ({ seconds, cpuSeconds }: Effort): number => cpuSeconds / seconds;

/** Photos of a given folder, copied; without one, photos of 12 megapixels made for the purpose. */
async function photosIn(
  folder: string,
  given: string | undefined,
  limit: number,
): Promise<{ readonly files: readonly string[]; readonly title: string }> {
  if (given === undefined) {
    const files = await cameraPhotos(folder, limit);
    return { files, title: `${files.length} photos of 12 megapixels` };
  }
  await using set = await photoSet(given, limit);
  return { files: await gather(set.files, folder), title: set.title };
}

export const ingestBenchmark: Benchmark = {
  name: 'ingest',
  sentence: 'photos a second from disk to findable, against decoding and encoding alone',

  async run({ photos, limit, trials, quick }, say) {
    await using place = await temporaryFolder();
    const { files, title } = await photosIn(
      place.path,
      photos,
      quick ? Math.min(limit, QUICK_PHOTOS) : limit,
    );
    const folder = place.path;
    const sample = spreadOver(files, Math.min(SAMPLE, files.length));
    const rounds: Round[] = [];
    const wanted = trials ?? (quick ? 1 : TRIALS);
    for (let i = 0; i < wanted; i++) {
      // Taking turns, so that a machine that slows down slows all three.
      const decode = await runTrial<DecodeTrial>('decode', { files: sample });
      const preview = await runTrial<DecodeTrial>('decode', { files: sample, thumbnail: true });
      const encode = await runTrial<EncodeTrial>('encode', { files: sample });
      const ingest = await runTrial<IngestTrial>('ingest', { folder });
      rounds.push({ decode, preview, encode, ingest });
      say(`round ${i + 1} of ${wanted}`);
    }
    const count = sample.length;
    const of = (value: (round: Round) => number | undefined): (number | undefined)[] => rounds.map(value);
    return {
      sections: [
        {
          title: `Rates over ${title}`,
          figures: [
            figure(
              'decode alone',
              'photos/s',
              of(({ decode }) => count / decode.seconds),
            ),
            figure(
              'encode alone',
              'photos/s',
              of(({ encode }) => count / encode.seconds),
            ),
            figure(
              'attainable: 1/(1/decode + 1/encode)',
              'photos/s',
              of((round) => count / attainable(round)),
            ),
            figure(
              'ingest',
              'photos/s',
              of(({ ingest }) => ingest.photos / ingest.seconds),
            ),
            figure(
              'ingest ÷ attainable',
              'ratio',
              of((round) => (round.ingest.photos / round.ingest.seconds) * (attainable(round) / count)),
              '≥ 0.90',
            ),
            figure(
              'decode with previews, alone',
              'photos/s',
              of(({ preview }) => count / preview.seconds),
            ),
            figure(
              'ingest ÷ attainable, previews counted',
              'ratio',
              of(
                ({ preview, encode, ingest }) =>
                  (ingest.photos / ingest.seconds) * ((preview.seconds + encode.seconds) / count),
              ),
            ),
          ],
        },
        {
          title: 'Processor time of all threads',
          figures: [
            figure(
              'decode alone',
              'ms/photo',
              of(({ decode }) => (decode.cpuSeconds / count) * 1000),
            ),
            figure(
              'encode alone',
              'ms/photo',
              of(({ encode }) => (encode.cpuSeconds / count) * 1000),
            ),
            figure(
              'ingest',
              'ms/photo',
              of(({ ingest }) => (ingest.call.cpuSeconds / ingest.photos) * 1000),
            ),
            figure(
              '(decode + encode) ÷ ingest',
              'ratio',
              of(
                ({ decode, encode, ingest }) =>
                  ((decode.cpuSeconds + encode.cpuSeconds) / count) *
                  (ingest.photos / ingest.call.cpuSeconds),
              ),
            ),
            figure(
              'kept busy, decode alone',
              'cores',
              of(({ decode }) => busy(decode)),
            ),
            figure(
              'kept busy, encode alone',
              'cores',
              of(({ encode }) => busy(encode)),
            ),
            figure(
              'kept busy, ingest',
              'cores',
              of(({ ingest }) => busy(ingest.call)),
            ),
          ],
        },
        {
          title: 'While ingesting',
          figures: [
            figure(
              'event loop p50',
              'ms',
              of(({ ingest }) => ingest.delay.p50),
            ),
            figure(
              'event loop p99',
              'ms',
              of(({ ingest }) => ingest.delay.p99),
              '≤ 50',
            ),
            figure(
              'event loop max',
              'ms',
              of(({ ingest }) => ingest.delay.max),
            ),
            figure(
              'memory, peak',
              'MiB',
              of(({ ingest }) => ingest.peakMemory),
              '≤ 700',
            ),
          ],
        },
        {
          title: 'Beside the rate',
          figures: [
            figure(
              'snapshot of the vector index',
              's',
              of(({ ingest }) => ingest.call.seconds - ingest.seconds),
            ),
            figure(
              'second pass, nothing changed',
              's',
              of(({ ingest }) => ingest.again.seconds),
            ),
          ],
        },
      ],
      notes: [
        `Each round runs decoding, encoding and ingest one after the other, each in a process of its own; ratios are taken within a round. Decoding and encoding alone take ${count} photos, evenly from all. The ratio of rates can exceed 1 where a part alone leaves a core idle; the ratio of processor times tells what the ingest adds, and other programs on the machine disturb it less.`,
        `Decoding: ${DECODERS} files at a time, read from disk (cached by the system), without previews where not said otherwise. Encoding: prepared pixels in batches of ${BATCH}, session loaded before.`,
        `Ingest: into a fresh library by the ingest's own report; one other picture was ingested before, so that the image session is loaded. It also hashes, writes previews of photos that need one, and makes rows and vectors durable.`,
        `Event loop: milliseconds between two ticks of a timer of 1 ms (perf_hooks.monitorEventLoopDelay); an idle loop shows about 1.`,
      ],
    };
  },
};
