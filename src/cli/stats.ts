import { Command } from 'commander';
import { openEngine } from '../engine/mod.js';
import { contextOf } from './context.js';
import { print, printJson, printTable } from './output.js';

const TOLD_FAILURES = 100;

export function statsCommand(): Command {
  return new Command('stats')
    .description('what the library holds, and what could not be read')
    .option('--json', 'print JSON')
    .action(async (_flags: object, command: Command) => {
      const { config, json, log } = contextOf(command);
      await using engine = await openEngine({ ...config, readOnly: true, log });
      const { model, library } = engine.status();
      const failures = engine.failures(TOLD_FAILURES);
      if (json) return printJson({ dataDir: config.dataDir, model, library, failures });
      printTable([
        ['library', config.dataDir],
        ['model', model.id],
        ['photos', String(library.items.photo)],
        ['captions', String(library.items.caption)],
        ['failed files', String(library.failed)],
        ['photo index', `${library.indexes.photo.type}, ${library.indexes.photo.size} vectors`],
        ['caption index', `${library.indexes.caption.type}, ${library.indexes.caption.size} vectors`],
      ]);
      for (const { path, code, reason } of failures) print(`  ${code}  ${path}: ${reason}`);
    });
}
