import { Command } from 'commander';
import { useModel } from '../../engine/mod.js';
import { contextOf } from '../context.js';
import { note, print, printJson } from '../output.js';

export function useCommand(): Command {
  return new Command('use')
    .description('choose the model of an empty library; commands then need no --model')
    .argument('<name>', 'its name, or the folder of a bundle')
    .option('--json', 'print JSON')
    .action(async (name: string, _flags: object, command: Command) => {
      const { config, json } = contextOf(command);
      const choice = await useModel(name, config.dataDir);
      if (json) printJson({ dataDir: config.dataDir, ...choice });
      else print(`The library in ${config.dataDir} uses ${choice.id}`);
      if (config.model !== undefined)
        note(`--model or its variable says ${config.model}, and wins over this choice wherever it is given.`);
    });
}
