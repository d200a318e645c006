import { Command } from 'commander';
import { type IngestReport, openEngine } from '../engine/mod.js';
import { contextOf, EXIT } from './context.js';
import { retireDemo } from './demo-library.js';
import { renewLibrary } from './model-change.js';
import { note, print, printJson, styled } from './output.js';
import { ingestBar } from './progress-bar.js';

const EXAMPLES = `
Examples:
  sightline ingest ~/Pictures
  sightline ingest ~/Pictures ~/captions.jsonl --json

Photos are read, never written to. Running it again looks only at what changed.`;

/** Failures that are told one by one; the rest is in \`sightline failures\`. */
const TOLD_FAILURES = 10;

export function printReport(report: IngestReport): void {
  const { added, known, unchanged, removed, failed, stillFailing, warnings, seconds, interrupted } = report;
  for (const warning of warnings) note(`${styled('yellow', 'warning', process.stderr)} ${warning}`);
  for (const { path, code, reason } of failed.slice(0, TOLD_FAILURES)) {
    note(`${styled('yellow', 'skipped', process.stderr)} ${path}: ${reason} [${code}]`);
  }
  if (failed.length > TOLD_FAILURES)
    note(`… and ${failed.length - TOLD_FAILURES} more; see: sightline failures`);
  const parts = [
    `${added} added`,
    known > 0 ? `${known} already known` : '',
    unchanged > 0 ? `${unchanged} unchanged` : '',
    removed > 0 ? `${removed} gone` : '',
    failed.length > 0 ? `${failed.length} failed` : '',
    stillFailing > 0 ? `${stillFailing} still failing` : '',
  ];
  print(`${parts.filter(Boolean).join(', ')} in ${seconds.toFixed(1)} s`);
  if (interrupted) note('Interrupted. What was done is kept; run the same command again to go on.');
}

export function exitCode({ interrupted, failed }: IngestReport): number {
  if (interrupted) return EXIT.interrupted;
  return failed.length > 0 ? EXIT.partial : EXIT.ok;
}

export function ingestCommand(): Command {
  return new Command('ingest')
    .description('read photos and caption collections into the library')
    .argument('<path...>', 'folders, photos, .jsonl or .txt caption collections')
    .option('--follow-links', 'follow symbolic links in the folders')
    .option('--json', 'print the report as JSON')
    .addHelpText('after', EXAMPLES)
    .action(async (paths: string[], { followLinks = false }: { followLinks?: boolean }, command: Command) => {
      const context = contextOf(command);
      const { config, json, log, signal } = context;
      await renewLibrary(context);
      await using engine = await openEngine({ ...config, log });
      const bar = ingestBar();
      let report: IngestReport;
      try {
        report = await engine.ingest(paths, {
          signal,
          followLinks,
          onProgress: (status) => bar.show(status),
        });
      } finally {
        bar.stop();
      }
      if (report.added + report.known > 0) await retireDemo(engine, config.dataDir);
      if (json) printJson(report);
      else printReport(report);
      process.exitCode = exitCode(report);
    });
}
