import { Command } from 'commander';
import { EMBEDDED_NAME, removeModel } from '../../engine/mod.js';
import { contextOf } from '../context.js';
import { note, print, printJson } from '../output.js';
import { fileSize } from './sizes.js';

export function removeCommand(): Command {
  return new Command('remove')
    .description('remove an imported model')
    .argument('<name>', 'its name')
    .option('--force', 'even where the vectors of the library belong to it')
    .option('--json', 'print JSON')
    .action(async (name: string, { force = false }: { force?: boolean }, command: Command) => {
      const { config, json } = contextOf(command);
      const removed = await removeModel(name, config.dataDir, { force });
      if (json) return printJson(removed);
      print(`${name} is removed: ${fileSize(removed.bytes)} at ${removed.folder}`);
      if (removed.wasChosen) note(`The library had chosen it and uses ${EMBEDDED_NAME} again.`);
    });
}
