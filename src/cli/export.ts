import { Command } from 'commander';
import { exportTo } from '../engine/mod.js';
import { contextOf } from './context.js';
import { print, printJson } from './output.js';
import { progressBar } from './progress-bar.js';

const EXAMPLES = `
Examples:
  sightline export ./my-library
  python3 -c "import numpy; print(numpy.load('my-library/vectors.npy').shape)"

items.jsonl has one item a line, vectors.npy the embedding of line n in row n, manifest.json says what they are. The library
may be in use meanwhile. Photos and previews are not copied.`;

export function exportCommand(): Command {
  return new Command('export')
    .description('write items and vectors as files that any program reads')
    .argument('<folder>', 'an empty folder, or one that does not exist yet')
    .option('--json', 'print JSON')
    .addHelpText('after', EXAMPLES)
    .action(async (place: string, _flags: object, command: Command) => {
      const { config, json, signal } = contextOf(command);
      const bar = progressBar('Exporting');
      const manifest = await exportTo({
        dataDir: config.dataDir,
        place,
        signal,
        onProgress: (done, total) => bar.update(done, total),
      }).finally(() => bar.stop());
      if (json) printJson({ folder: place, ...manifest });
      else print(`${manifest.items} items and their vectors are in ${place}`);
    });
}
