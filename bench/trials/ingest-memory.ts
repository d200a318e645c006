/** What an ingest keeps in memory, from the first photo to the last, and with very large pictures at its end. */
import { join } from 'node:path';
import { openEngine, type SearchEngine } from '../../src/mod.js';
import { temporaryFolder } from '../temporary-folder.js';
import { trial } from '../trial.js';

/** Resident set in MiB, with how many photos were in. */
export interface MemorySample {
  readonly photos: number;
  readonly mebibytes: number;
}

export interface IngestMemoryTrial {
  readonly input: {
    /** A folder of many photos. */
    readonly photos: string;
    /** A folder of very large ones. */
    readonly large: string;
  };
  readonly result: {
    readonly photos: readonly MemorySample[];
    /** Highest resident set while the large ones came, in MiB. */
    readonly large: number;
    readonly seconds: number;
  };
}

const MEBIBYTE = 1024 ** 2;
/** Milliseconds between two looks. */
const LOOK = 100;

const resident = (): number => process.memoryUsage.rss() / MEBIBYTE;

/** Looks at memory while a folder is ingested. */
async function watched(
  engine: SearchEngine,
  folder: string,
  look: (photos: number) => void,
): Promise<number> {
  let photos = 0;
  const timer = setInterval(() => look(photos), LOOK);
  try {
    const { added, failed, seconds } = await engine.ingest([folder], {
      onProgress: ({ done }) => void (photos = done),
    });
    if (failed.length > 0) throw new Error(`${failed.length} of ${added} photos could not be ingested.`);
    return seconds;
  } finally {
    clearInterval(timer);
  }
}

trial<IngestMemoryTrial>(async ({ photos, large }) => {
  await using place = await temporaryFolder();
  await using engine = await openEngine({ dataDir: join(place.path, 'library') });
  const samples: MemorySample[] = [];
  const seconds = await watched(engine, photos, (done) => {
    samples.push({ photos: done, mebibytes: resident() });
  });
  let highest = 0;
  await watched(engine, large, () => (highest = Math.max(highest, resident())));
  return { photos: samples, large: highest, seconds };
});
