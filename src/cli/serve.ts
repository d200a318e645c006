import { statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Command } from 'commander';
import type { AppOptions } from '../api/mod.js';
import { type Config, SETTINGS } from '../config.js';
import { SightlineError } from '../core/errors.js';
import { type IngestReport, KeyRing, openEngine, type SearchEngine } from '../engine/mod.js';
import { type Context, contextOf } from './context.js';
import { drawDemo, retireDemo } from './demo-library.js';
import { printReport } from './ingest.js';
import { renewLibrary } from './model-change.js';
import { note, print, reportError, styled } from './output.js';
import { ingestBar } from './progress-bar.js';
import { VERSION } from './version.js';
import { follow } from './watch.js';

const WEB_FOLDER = fileURLToPath(new URL('../../web', import.meta.url));

const EXAMPLES = `
Examples:
  sightline serve                     serve the library as it is
  sightline serve ~/Pictures          serve, and watch this folder from now on
  sightline serve --port 8080`;

interface ServeFlags {
  readonly demo?: boolean;
  readonly nice?: boolean;
}

type Access = Pick<AppOptions, 'keys' | 'anonymous' | 'loopbackOnly' | 'hostNames' | 'rateLimit'>;

async function read(
  engine: SearchEngine,
  paths: readonly string[],
  signal: AbortSignal,
): Promise<IngestReport> {
  const bar = ingestBar();
  try {
    return await engine.ingest(paths, { signal, onProgress: (status) => bar.show(status) });
  } finally {
    bar.stop();
  }
}

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
  const folders = paths.filter(isFolder);
  const files = paths.filter((path) => !folders.includes(path));
  if (files.length > 0) {
    const report = await read(engine, files, signal);
    if (report.added + report.known > 0) await retireDemo(engine, config.dataDir);
    printReport(report);
  }
  if (demo && empty && paths.length === 0 && engine.intake.folders.length === 0) {
    for await (const folder of drawDemo(config.dataDir, signal)) await read(engine, [folder], signal);
    print('The demo collection is drawn. Search your own photos with: npm start -- ~/Pictures');
  }
  await engine.intake.remember(folders);
  await follow(engine, context);
}

const isFolder = (path: string): boolean => statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;

const REMOTE_RATE = 1200;

/**
 * Who may do what: on this machine's own address everybody everything; elsewhere those who have a key, and with --insecure
 * everybody may look.
 * @throws ERR_CONFIG_INVALID where nobody could
 */
function access({ host, dataDir, insecure, allowHost, rateLimit }: Config, loopbackOnly: boolean): Access {
  const keys = new KeyRing(dataDir);
  // A name of its own means a proxy, and behind a proxy is everybody.
  const alone = loopbackOnly && allowHost.length === 0;
  if (!alone && !insecure && keys.list().length === 0) {
    const message = `Others can reach this server on ${[host, ...allowHost].join(', ')}, so it needs a key: sightline keys add NAME. To let everybody search without one, add --insecure.`;
    throw new SightlineError('ERR_CONFIG_INVALID', message);
  }
  const anonymous = alone ? 'admin' : insecure ? 'read' : null;
  const rate = rateLimit ?? (alone ? 0 : REMOTE_RATE);
  return { keys, anonymous, loopbackOnly, hostNames: allowHost, rateLimit: rate };
}

function untilStopped(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}

/** A change of model that was begun goes on while the server answers. */
async function goOnChanging(engine: SearchEngine, signal: AbortSignal): Promise<void> {
  const report = await engine.modelChange.goOn({ signal });
  if (report === undefined || report.interrupted) return;
  if (report.unreadable.length > 0)
    note(
      `${report.unreadable.length} photos cannot be read for ${report.name}: sightline models use ${report.name}`,
    );
  else note(`Everything is embedded with ${report.name}; the library uses it now.`);
}

/** What is asked of a library changes, and with it what its index misses: measured four times a day. */
const BETWEEN_AUDITS = 6 * 3600 * 1000;

function keepMeasuring(engine: SearchEngine, signal: AbortSignal): void {
  const timer = setInterval(() => {
    // Told by the metrics; a library that is closing is not measured.
    engine.audits.measure().catch(() => {});
  }, BETWEEN_AUDITS).unref();
  signal.addEventListener('abort', () => clearInterval(timer), { once: true });
}

export function serveCommand(): Command {
  return new Command('serve')
    .description('serve the search page and the HTTP API')
    .argument('[path...]', 'folders to watch, photos or collections to read')
    .option(SETTINGS.port.flag, SETTINGS.port.sentence)
    .option(SETTINGS.host.flag, SETTINGS.host.sentence)
    .option(SETTINGS.idleMinutes.flag, SETTINGS.idleMinutes.sentence)
    .option(SETTINGS.insecure.flag, SETTINGS.insecure.sentence)
    .option(SETTINGS.allowHost.flag, SETTINGS.allowHost.sentence)
    .option(SETTINGS.rateLimit.flag, SETTINGS.rateLimit.sentence)
    .option('--nice', 'let searches go before the ingest')
    .option('--demo', 'draw a demo collection if the library is empty and no path is given')
    .addHelpText('after', EXAMPLES)
    .action(async (paths: string[], { demo = false, nice = false }: ServeFlags, command: Command) => {
      const context = contextOf(command);
      const { config, log, signal } = context;
      // Loaded here: no other command should pay for the server's libraries.
      const { createApp, isLoopback, listen } = await import('../api/mod.js');
      await renewLibrary(context);
      await using engine = await openEngine({ ...config, log });
      await engine.intake.setConsiderate(nice);
      const app = createApp(engine, {
        version: VERSION,
        webFolder: WEB_FOLDER,
        log,
        ...access(config, isLoopback(config.host)),
      });
      await using server = await listen(app, config.host, config.port);
      print(`Sightline is at ${styled('bold', server.url)}`);
      if (config.insecure) note('Everybody who reaches this address can see every photo of this library.');
      keepMeasuring(engine, signal);
      const work = [engine.warmUp(), fill(engine, paths, demo, context), goOnChanging(engine, signal)].map(
        (task) =>
          task.catch((error: unknown) => {
            if (!signal.aborted) reportError(error, false);
          }),
      );
      await untilStopped(signal);
      await Promise.all(work);
    });
}
