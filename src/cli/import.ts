import { Command } from 'commander';
import { importFrom } from '../engine/mod.js';
import { contextOf } from './context.js';
import { print, printJson } from './output.js';
import { progressBar } from './progress-bar.js';

const EXAMPLES = `
Examples:
  sightline import ./my-library
  sightline import ./my-library --data-dir ~/other-library

The library must be empty or have vectors of the same model. What it has already stays as it is.`;

export function importCommand(): Command {
  return new Command('import')
    .description('bring in what sightline export wrote')
    .argument('<folder>', 'a folder that sightline export wrote')
    .option('--json', 'print JSON')
    .addHelpText('after', EXAMPLES)
    .action(async (place: string, _flags: object, command: Command) => {
      const { config, json, signal } = contextOf(command);
      const bar = progressBar('Importing');
      const imported = await importFrom({
        dataDir: config.dataDir,
        place,
        signal,
        onProgress: (done, total) => bar.update(done, total),
      }).finally(() => bar.stop());
      if (json) printJson(imported);
      else print(`${imported.added} of ${imported.items} items are new to the library`);
    });
}
