import { Command, Option } from 'commander';
import { KeyRing, type Scope, SCOPES } from '../../engine/mod.js';
import { contextOf } from '../context.js';
import { note, print, printJson } from '../output.js';

const EXAMPLES = `
Examples:
  sightline keys add phone                   may search and look
  sightline keys add laptop --scope write    may add and remove photos too
  sightline keys add owner --scope admin     may do everything`;

export function addCommand(): Command {
  return new Command('add')
    .description('make a key for the server; it is told once')
    .argument('<name>', 'what the key is called, such as the device that has it')
    .addOption(new Option('--scope <right>', 'what it may do').choices(SCOPES).default('read'))
    .option('--json', 'print JSON')
    .addHelpText('after', EXAMPLES)
    .action((name: string, { scope }: { scope: Scope }, command: Command) => {
      const { config, json } = contextOf(command);
      const key = new KeyRing(config.dataDir).add(name, scope);
      if (json) return printJson({ name, scope, key });
      print(key);
      note('Keep it: it is stored nowhere. Programs send it as x-api-key, the page asks for it once.');
    });
}
