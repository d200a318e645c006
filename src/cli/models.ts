import { Command } from 'commander';
import { importCommand } from './models/import.js';
import { inspectCommand } from './models/inspect.js';
import { listCommand } from './models/list.js';
import { pullCommand } from './models/pull.js';
import { removeCommand } from './models/remove.js';
import { useCommand } from './models/use.js';
import { verifyCommand } from './models/verify.js';

const COMMANDS = [
  listCommand,
  inspectCommand,
  verifyCommand,
  useCommand,
  pullCommand,
  importCommand,
  removeCommand,
];

export function modelsCommand(): Command {
  const models = new Command('models').description('list, check, fetch, import and remove models');
  for (const command of COMMANDS) models.addCommand(command());
  return models;
}
