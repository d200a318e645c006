import { setPriority } from 'node:os';
import { resolve } from 'node:path';
import { Command } from 'commander';
import { SightlineError } from '../core/errors.js';
import { openEngine, type SearchEngine } from '../engine/mod.js';
import { type Context, contextOf, EXIT } from './context.js';
import { retireDemo } from './demo-library.js';
import { exitCode, printReport } from './ingest.js';
import { renewLibrary } from './model-change.js';
import { note, print, printJson } from './output.js';
import { ingestBar } from './progress-bar.js';

const EXAMPLES = `
Examples:
  sightline watch ~/Pictures          follow a folder until it is stopped
  sightline watch                     follow the folders that were given before
  sightline watch --once              look through them once, for cron
  sightline watch --forget ~/Old      watch a folder no longer; its photos stay in the library

Photos are read, never written to. What a file .sightlineignore lists, in the syntax of .gitignore, is left out.
The server watches as well: sightline serve ~/Pictures`;

interface WatchFlags {
  readonly once?: boolean;
  readonly nice?: boolean;
  readonly forget?: string;
}

/** What \`nice\` adds by itself. */
const NICENESS = 10;

/** All other programs go first. Before threads are started: they take after the one that starts them. */
function lowerPriority(): void {
  try {
    setPriority(NICENESS);
  } catch {
    // Some containers forbid it; the pipeline gives way to searches all the same.
  }
}

function requireFolders(engine: SearchEngine): void {
  if (engine.intake.folders.length > 0) return;
  const message = 'No folder is watched yet. Name one: sightline watch FOLDER';
  throw new SightlineError('ERR_REQUEST_INVALID', message);
}

async function lookOnce(engine: SearchEngine, { config, json, signal }: Context): Promise<void> {
  const bar = ingestBar();
  const report = await engine.intake
    .reconcile({ signal, onProgress: (status) => bar.show(status) })
    .finally(() => bar.stop());
  if (report.added + report.known > 0) await retireDemo(engine, config.dataDir);
  if (json) printJson(report);
  else printReport(report);
  process.exitCode = exitCode(report);
}

/** Follows the folders until somebody stops it. */
export async function follow(engine: SearchEngine, { config, json, signal }: Context): Promise<void> {
  const stopped = new Promise<void>((stop) => {
    if (signal.aborted) stop();
    else signal.addEventListener('abort', () => stop(), { once: true });
  });
  const bar = ingestBar();
  const showing = (async () => {
    for await (const status of engine.updates(signal)) if (status.running) bar.show(status);
  })();
  const looks = engine.intake.follow().then(async (reports) => {
    bar.stop();
    if (reports.some(({ added, known }) => added + known > 0)) await retireDemo(engine, config.dataDir);
    if (!json && !signal.aborted) for (const report of reports) printReport(report);
    for (const { path, mode, reason, problem } of engine.intake.watched) {
      if (mode === 'polling') note(`${path} is polled: ${reason}`);
      if (problem) note(`${path}: ${problem}`);
    }
  });
  await Promise.race([looks, stopped]);
  await stopped;
  bar.stop();
  await showing;
}

export function watchCommand(): Command {
  return new Command('watch')
    .description('follow folders: what is new is found within moments, what is gone is forgotten')
    .argument('[path...]', 'folders to watch from now on, beside those that were given before')
    .option('--once', 'look through the watched folders once and leave')
    .option('--nice', 'let other programs and searches go first')
    .option('--forget <folder>', 'watch this folder no longer')
    .option('--json', 'print the report of --once as JSON')
    .addHelpText('after', EXAMPLES)
    .action(async (paths: string[], { once, nice, forget }: WatchFlags, command: Command) => {
      const context = contextOf(command, { logLevel: 'info' });
      if (nice) lowerPriority();
      await renewLibrary(context);
      await using engine = await openEngine({ ...context.config, log: context.log });
      const { intake } = engine;
      await intake.setConsiderate(nice === true);
      if (forget !== undefined) intake.unwatch(resolve(forget));
      await intake.remember(paths);
      if (forget !== undefined && paths.length === 0) return;
      requireFolders(engine);
      // Awaited here: the engine is closed when this function returns.
      if (once) return await lookOnce(engine, context);
      print(`Watching ${intake.folders.join(', ')}`);
      await follow(engine, context);
      process.exitCode = EXIT.ok;
    });
}
