import { Command } from 'commander';
import { abandonModelChange, useModel } from '../../engine/mod.js';
import { contextOf, EXIT } from '../context.js';
import { showingChange, tellChange } from '../model-change.js';
import { note, print, printJson } from '../output.js';

interface UseFlags {
  readonly abort?: boolean;
  readonly leaveUnreadable?: boolean;
}

const EXAMPLES = `
Examples:
  sightline models use coco              embed the library again with this model, then use it
  sightline models use embedded          and back: nothing is embedded twice
  sightline models use --abort           give up a change that was interrupted

The old vectors answer until the last new one is there. Interrupted, the same command goes on where it was.`;

export function useCommand(): Command {
  return new Command('use')
    .description('choose the model of the library; one that has photos is embedded again')
    .argument('[name]', 'its name, or the folder of a bundle')
    .option('--abort', 'give up a change that was begun, and let go of its vectors')
    .option('--leave-unreadable', 'change although the files of some photos cannot be read')
    .option('--json', 'print JSON')
    .addHelpText('after', EXAMPLES)
    .action(
      async (name: string | undefined, { abort = false, leaveUnreadable }: UseFlags, command: Command) => {
        const { config, json, signal } = contextOf(command);
        const { dataDir, threads, provider } = config;
        if (abort) {
          const abandoned = await abandonModelChange(dataDir);
          if (json) return printJson({ dataDir, abandoned: abandoned ?? null });
          return print(
            abandoned === undefined ? 'No change was under way' : `The change to ${abandoned} is given up`,
          );
        }
        if (name === undefined) return command.error("error: missing required argument 'name'");
        const used = await showingChange((onProgress) =>
          useModel(name, dataDir, { signal, threads, provider, leaveUnreadable, onProgress }),
        );
        const { change, ...choice } = used;
        if (json) printJson({ dataDir, ...used });
        else {
          if (change) tellChange(change);
          if (change?.changed !== false) print(`The library in ${dataDir} uses ${choice.id}`);
        }
        if (change?.changed === false)
          process.exitCode = change.interrupted ? EXIT.interrupted : EXIT.partial;
        if (config.model !== undefined)
          note(
            `--model or its variable says ${config.model}, and wins over this choice wherever it is given.`,
          );
      },
    );
}
