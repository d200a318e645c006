import { Command } from 'commander';
import { asSightlineError } from '../../core/errors.js';
import { installedModels, PUBLISHED_CHECKPOINTS, scorersOf } from '../../engine/mod.js';
import { contextOf } from '../context.js';
import { note, printJson, printTable } from '../output.js';
import { bundleBytes, megabytes, millions } from './sizes.js';

const PUBLISHED_ROWS = PUBLISHED_CHECKPOINTS.map(({ name, task, imageSize, figure, ability }) => [
  name,
  task,
  `${imageSize} px`,
  ability,
  figure,
]);

export function listCommand(): Command {
  return new Command('list')
    .description('the models that can be used')
    .option('--published', 'the checkpoints that models pull can fetch')
    .option('--json', 'print JSON')
    .action(async ({ published = false }: { published?: boolean }, command: Command) => {
      const { config, json } = contextOf(command);
      if (published) {
        if (json) return printJson(PUBLISHED_CHECKPOINTS);
        return printTable([['NAME', 'TASK', 'IMAGE', 'CAN', 'PUBLISHED FIGURE'], ...PUBLISHED_ROWS]);
      }
      const models = await installedModels(config.dataDir, (folder, error) => {
        note(`${folder} cannot be used: ${asSightlineError(error).message}`);
      });
      if (json)
        return printJson(
          models.map(({ name, folder, bundle }) => ({ name, folder, manifest: bundle.manifest })),
        );
      const rows = models.map(({ name, bundle: { manifest } }) => [
        name,
        manifest.name,
        manifest.precision,
        `${manifest.imageSize} px`,
        millions(manifest.source.parameters),
        megabytes(bundleBytes(manifest)),
        scorersOf(manifest).join(' ') || 'no',
        manifest.graphs.join(' '),
      ]);
      printTable([
        ['NAME', 'CHECKPOINT', 'PRECISION', 'IMAGE', 'PARAMETERS', 'SIZE', 'RERANKS BY', 'GRAPHS'],
        ...rows,
      ]);
    });
}
