import { Command } from 'commander';
import { openModel } from '../../engine/mod.js';
import { contextOf } from '../context.js';
import { printJson, printTable } from '../output.js';
import { bundleBytes, megabytes, millions } from './sizes.js';

export function inspectCommand(): Command {
  return new Command('inspect')
    .description('what a model is and what it can do')
    .argument('[model]', 'its name, or the folder of a bundle (default: the model of the library)')
    .option('--json', 'print the manifest as JSON')
    .action(async (model: string | undefined, _flags: object, command: Command) => {
      const { config, json } = contextOf(command);
      const { folder, manifest } = await openModel(model ?? config.model, config.dataDir);
      if (json) return printJson({ folder, ...manifest });
      printTable([
        ['name', manifest.name],
        ['id', manifest.id],
        ['folder', folder],
        ['source', `${manifest.source.file}, ${millions(manifest.source.parameters)} parameters`],
        ['architecture', `${manifest.layers} layers, width ${manifest.width}, ${manifest.heads} heads`],
        [
          'reads',
          `pictures of ${manifest.imageSize} px in patches of ${manifest.patchSize}, texts of ${manifest.maxTokens} tokens`,
        ],
        ['gives', `${manifest.outputs.join(', ')}; graphs: ${manifest.graphs.join(', ')}`],
        ['precision', `${manifest.precision}, ${megabytes(bundleBytes(manifest))} on disk`],
        ['rerank', `${manifest.rerank.default ? 'on' : 'off'}: ${manifest.rerank.reason}`],
        ['licence', manifest.licence],
      ]);
    });
}
