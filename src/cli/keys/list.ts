import { Command } from 'commander';
import { KeyRing } from '../../engine/mod.js';
import { contextOf } from '../context.js';
import { note, printJson, printTable } from '../output.js';

export function listCommand(): Command {
  return new Command('list')
    .description('the keys that the server takes')
    .option('--json', 'print JSON')
    .action((_flags: object, command: Command) => {
      const { config, json } = contextOf(command);
      const keys = new KeyRing(config.dataDir).list();
      if (json) return printJson(keys);
      if (keys.length === 0) return note('There is no key. Make one: sightline keys add NAME');
      const rows = keys.map(({ name, scope, createdAt }) => [name, scope, createdAt.toISOString()]);
      printTable([['NAME', 'RIGHT', 'MADE'], ...rows]);
    });
}
