/** The whole way: a folder into a fresh library, and once more when nothing has changed. */
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import sharp from 'sharp';
import { openEngine } from '../../src/mod.js';
import { peakMemory } from '../machine.js';
import { type Effort, effortOf } from '../stopwatch.js';
import { temporaryFolder } from '../temporary-folder.js';
import { trial } from '../trial.js';

export interface IngestInput {
  readonly folder: string;
}

export interface IngestResult {
  readonly photos: number;
  /** By the report of the ingest: until all is findable, without writing the snapshot of the vector index. */
  readonly seconds: number;
  /** Of the whole call, snapshot included. */
  readonly call: Effort;
  readonly again: Effort;
  /** Milliseconds between two ticks of a timer of 1 ms. */
  readonly delay: { readonly p50: number; readonly p99: number; readonly max: number };
  readonly peakMemory: number | undefined;
}

const WARM_UP_SIDE = 64;
const NANOSECONDS = 1e6;

export interface IngestTrial {
  readonly input: IngestInput;
  readonly result: IngestResult;
}

trial<IngestTrial>(async ({ folder }) => {
  await using place = await temporaryFolder();
  await using engine = await openEngine({ dataDir: join(place.path, 'library') });
  // Another picture first: what is measured then finds the image session loaded, as the encoding alone does.
  const picture = join(place.path, 'warm-up.png');
  const background = { r: 120, g: 160, b: 90 };
  await sharp({ create: { width: WARM_UP_SIDE, height: WARM_UP_SIDE, channels: 3, background } }).toFile(
    picture,
  );
  await engine.ingest([picture]);

  const delay = monitorEventLoopDelay({ resolution: 1 });
  let seconds = 0;
  let photos = 0;
  delay.enable();
  const call = await effortOf(async () => {
    const report = await engine.ingest([folder]);
    ({ seconds, added: photos } = report);
    if (report.failed.length > 0) console.error(`${report.failed.length} photos could not be ingested`);
  });
  delay.disable();
  const again = await effortOf(() => engine.ingest([folder]));
  return {
    photos,
    seconds,
    call,
    again,
    delay: {
      p50: delay.percentile(50) / NANOSECONDS,
      p99: delay.percentile(99) / NANOSECONDS,
      max: delay.max / NANOSECONDS,
    },
    peakMemory: peakMemory(),
  };
});
