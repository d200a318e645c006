/** A first visit and a second one, with the command that users type. */
import { join } from 'node:path';
import { DEMO_COUNT } from '../../data/demo/mod.js';
import { CommandLine } from '../command-line.js';
import { peakMemory } from '../machine.js';
import { temporaryFolder } from '../temporary-folder.js';
import { trial } from '../trial.js';

/** Seconds, unless it says otherwise, from the start of the process. */
export interface StartupResult {
  readonly first: {
    readonly listening: number;
    readonly page: number;
    readonly ready: number;
    /** The first answer that has hits. */
    readonly found: number;
    readonly complete: number;
    /** MiB; undefined where the system does not tell. */
    readonly peakMemory: number | undefined;
  };
  readonly second: {
    readonly listening: number;
    readonly status: number;
    readonly search: number;
    readonly peakMemory: number | undefined;
  };
  readonly commandSearch: number;
  readonly photos: number;
}

const QUERY = 'a boat on the sea';

export interface StartupTrial {
  readonly input: object;
  readonly result: StartupResult;
}

trial<StartupTrial>(async () => {
  await using place = await temporaryFolder();
  const sightline = new CommandLine(join(place.path, 'library'));

  const first = await sightline.serve();
  const page = await first.until('/', ({ ok }) => ok);
  const ready = await first.until('/readyz', ({ ok }) => ok);
  const found = await first.untilFound(QUERY);
  const complete = await first.untilIngested(DEMO_COUNT);
  const firstPeak = peakMemory(first.pid);
  await first.stop();

  const second = await sightline.serve();
  const status = await second.until('/api/status', ({ ok }) => ok);
  const search = await second.untilFound(QUERY);
  const secondPeak = peakMemory(second.pid);
  await second.stop();

  const commandSearch = await sightline.run(['search', QUERY]);
  return {
    first: { listening: first.listening, page, ready, found, complete, peakMemory: firstPeak },
    second: { listening: second.listening, status, search, peakMemory: secondPeak },
    commandSearch,
    photos: DEMO_COUNT,
  };
});
