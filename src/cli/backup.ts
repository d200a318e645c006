import { Command } from 'commander';
import { backupTo } from '../engine/mod.js';
import { contextOf } from './context.js';
import { print, printJson } from './output.js';
import { progressBar } from './progress-bar.js';

const EXAMPLES = `
Examples:
  sightline backup library.sqlite

The library may be in use meanwhile. To restore it, put the file into an empty folder as catalog.sqlite and use that as
--data-dir: the index and the previews are made again from it and from the photos.`;

export function backupCommand(): Command {
  return new Command('backup')
    .description('copy the database of the library while it is in use')
    .argument('<file>', 'a file that does not exist yet')
    .option('--json', 'print JSON')
    .addHelpText('after', EXAMPLES)
    .action(async (place: string, _flags: object, command: Command) => {
      const { config, json } = contextOf(command);
      const bar = progressBar('Copying');
      await backupTo({
        dataDir: config.dataDir,
        place,
        onProgress: (done, total) => bar.update(done, total),
      }).finally(() => bar.stop());
      if (json) printJson({ file: place });
      else print(`The database of the library is in ${place}`);
    });
}
