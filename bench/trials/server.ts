/** A library of photos behind a real HTTP server, for as long as the trial is kept. */
import { join } from 'node:path';
import { createApp, listen } from '../../src/api/mod.js';
import { openEngine } from '../../src/mod.js';
import { temporaryFolder } from '../temporary-folder.js';
import { trial } from '../trial.js';

export interface ServerInput {
  readonly folder: string;
}

export interface ServerResult {
  readonly url: string;
  readonly photos: number;
}

export interface ServerTrial {
  readonly input: ServerInput;
  readonly result: ServerResult;
}

trial<ServerTrial>(async ({ folder }, atEnd) => {
  const place = await temporaryFolder();
  atEnd(async () => place[Symbol.asyncDispose]());
  const engine = await openEngine({ dataDir: join(place.path, 'library') });
  atEnd(() => engine.close());
  const { added } = await engine.ingest([folder]);
  await engine.warmUp();
  const server = await listen(createApp(engine, { version: 'bench', webFolder: place.path }), '127.0.0.1', 0);
  atEnd(() => server.close());
  return { url: server.url, photos: added };
});
