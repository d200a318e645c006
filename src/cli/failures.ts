import { resolve } from 'node:path';
import { Command } from 'commander';
import { type FailedFile, openEngine } from '../engine/mod.js';
import { contextOf } from './context.js';
import { exitCode, printReport } from './ingest.js';
import { print, printJson, printTable } from './output.js';
import { ingestBar } from './progress-bar.js';
import { wholeNumber } from './whole-number.js';

const EXAMPLES = `
Examples:
  sightline failures                  files that could not be read, and why
  sightline failures --retry          try all of them again now
  sightline failures --retry ~/Pictures/2019`;

interface FailureFlags {
  readonly retry?: boolean;
  readonly limit: number;
}

const MOST = 1_000_000;
const USUAL = 100;

function whenNext({ nextTry }: FailedFile): string {
  return nextTry ? nextTry.toISOString().slice(0, 16).replace('T', ' ') : 'when it changes';
}

export function failuresCommand(): Command {
  return new Command('failures')
    .description('files that could not be read: why, how often, and when they are tried again')
    .argument('[path...]', 'with --retry: only these files, or what failed in these folders')
    .option('--retry', 'try them again now')
    .option('--limit <n>', 'files to tell of', wholeNumber(1, MOST), USUAL)
    .option('--json', 'print JSON')
    .addHelpText('after', EXAMPLES)
    .action(async (paths: string[], { retry, limit }: FailureFlags, command: Command) => {
      const { config, json, log, signal } = contextOf(command);
      await using engine = await openEngine({ ...config, readOnly: !retry, log });
      if (retry) {
        const bar = ingestBar();
        const wanted = paths.map((path) => resolve(path));
        const report = await engine.intake.retry(wanted, signal).finally(() => bar.stop());
        if (json) printJson(report);
        else printReport(report);
        process.exitCode = exitCode(report);
        return;
      }
      const failures = engine.failures(limit);
      const total = engine.status().library.failed;
      if (json) return printJson({ failures, total });
      if (total === 0) return print('Every file could be read.');
      printTable([
        ['times', 'next try', 'code', 'file'],
        ...failures.map((failure) => {
          const { count, code, path } = failure;
          return [String(count), whenNext(failure), code, JSON.stringify(path).slice(1, -1)];
        }),
      ]);
      if (total > failures.length) print(`… and ${total - failures.length} more; see --limit`);
    });
}
