import { Command } from 'commander';
import { KeyRing } from '../../engine/mod.js';
import { contextOf } from '../context.js';
import { print, printJson } from '../output.js';

export function revokeCommand(): Command {
  return new Command('revoke')
    .description('take a key back; what was opened with it closes at once')
    .argument('<name>', 'of the key')
    .option('--json', 'print JSON')
    .action((name: string, _flags: object, command: Command) => {
      const { config, json } = contextOf(command);
      new KeyRing(config.dataDir).revoke(name);
      if (json) return printJson({ revoked: name });
      print(`The key ${name} opens nothing any more.`);
    });
}
