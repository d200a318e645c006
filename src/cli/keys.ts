import { Command } from 'commander';
import { addCommand } from './keys/add.js';
import { listCommand } from './keys/list.js';
import { revokeCommand } from './keys/revoke.js';

export function keysCommand(): Command {
  const keys = new Command('keys').description('who may use the server');
  for (const command of [addCommand, listCommand, revokeCommand]) keys.addCommand(command());
  return keys;
}
