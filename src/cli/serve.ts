import { fileURLToPath } from 'node:url';
import { Command } from 'commander';
import { createApp, isLoopback, listen } from '../api/mod.js';
import { SETTINGS } from '../config.js';
import type { SearchEngine } from '../engine/mod.js';
import { openEngine } from '../engine/mod.js';
import { type Context, contextOf } from './context.js';
import { drawDemo, retireDemo } from './demo-library.js';
import { printReport } from './ingest.js';
import { note, print, reportError, styled } from './output.js';
import { ingestBar } from './progress-bar.js';
import { VERSION } from './version.js';

const WEB_FOLDER = fileURLToPath(new URL('../../web', import.meta.url));

const EXAMPLES = `
Examples:
  sightline serve                     serve the library as it is
  sightline serve ~/Pictures          read this folder and serve, at the same time
  sightline serve --port 8080`;

/** Reads what was asked for, or draws the demo for an empty library; the server answers meanwhile. */
async function fill(
  engine: SearchEngine,
  paths: readonly string[],
  demo: boolean,
  context: Context,
): Promise<void> {
  const { config, signal } = context;
  const { items } = engine.status().library;
  const empty = items.photo === 0 && items.caption === 0;
  const toRead = paths.length === 0 && demo && empty ? [await drawDemo(config.dataDir, signal)] : paths;
  if (toRead.length === 0) return;
  const bar = ingestBar();
  try {
    const report = await engine.ingest(toRead, { signal, onProgress: (status) => bar.show(status) });
    bar.stop();
    if (paths.length > 0 && report.added + report.known > 0) await retireDemo(engine, config.dataDir);
    printReport(report);
  } finally {
    bar.stop();
  }
}

function untilStopped(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}

export function serveCommand(): Command {
  return new Command('serve')
    .description('serve the search page and the HTTP API')
    .argument('[path...]', 'folders or collections to read first')
    .option(SETTINGS.port.flag, SETTINGS.port.sentence)
    .option(SETTINGS.host.flag, SETTINGS.host.sentence)
    .option('--demo', 'draw a demo collection if the library is empty and no path is given')
    .addHelpText('after', EXAMPLES)
    .action(async (paths: string[], { demo = false }: { demo?: boolean }, command: Command) => {
      const context = contextOf(command);
      const { config, log, signal } = context;
      await using engine = await openEngine({ ...config, log });
      const loopbackOnly = isLoopback(config.host);
      const app = createApp(engine, { version: VERSION, webFolder: WEB_FOLDER, loopbackOnly, log });
      await using server = await listen(app, config.host, config.port);
      print(`Sightline is at ${styled('bold', server.url)}`);
      if (!loopbackOnly) note('Everybody who reaches this address can see every photo of this library.');
      const work = [engine.warmUp(), fill(engine, paths, demo, context)].map((task) =>
        task.catch((error: unknown) => {
          if (!signal.aborted) reportError(error, false);
        }),
      );
      await untilStopped(signal);
      await Promise.all(work);
    });
}
