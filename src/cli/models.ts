import { join } from 'node:path';
import { Command, Option } from 'commander';
import { asSightlineError } from '../core/errors.js';
import {
  EMBEDDED_NAME,
  importCheckpoint,
  installedModels,
  type Manifest,
  modelsFolder,
  openModel,
  type Precision,
  PRECISIONS,
} from '../engine/mod.js';
import { contextOf } from './context.js';
import { note, print, printJson, printTable } from './output.js';
import { wholeNumber } from './whole-number.js';

const IMPORT_EXAMPLES = `
Example:
  sightline models import beit3_base_patch16_384_coco_retrieval.pth --tokenizer beit3.spm --name coco --precision int8
  sightline ingest ~/Pictures --model coco --data-dir ~/coco-library

The file is only read: of its pickle nothing but an allow-list of tensor types is interpreted, and no code is run.`;

interface ImportFlags {
  readonly tokenizer?: string;
  readonly name: string;
  readonly precision: Precision;
  readonly heads?: number;
  readonly imageSize?: number;
  readonly hiddenStates?: boolean;
  readonly json?: boolean;
}

const millions = (count: number): string => `${(count / 1e6).toFixed(1)} M`;
const megabytes = ({ files }: Manifest): string =>
  `${(Object.values(files).reduce((sum, { bytes }) => sum + bytes, 0) / 1e6).toFixed(1)} MB`;

function listCommand(): Command {
  return new Command('list')
    .description('the models that can be used')
    .option('--json', 'print JSON')
    .action(async (_flags: object, command: Command) => {
      const { config, json } = contextOf(command);
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
        megabytes(manifest),
        manifest.graphs.join(' '),
      ]);
      printTable([['NAME', 'CHECKPOINT', 'PRECISION', 'IMAGE', 'PARAMETERS', 'SIZE', 'GRAPHS'], ...rows]);
    });
}

function inspectCommand(): Command {
  return new Command('inspect')
    .description('what a model is and what it can do')
    .argument('[model]', 'its name, or the folder of a bundle', EMBEDDED_NAME)
    .option('--json', 'print the manifest as JSON')
    .action(async (model: string, _flags: object, command: Command) => {
      const { config, json } = contextOf(command);
      const { folder, manifest } = await openModel(model, config.dataDir);
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
        ['precision', `${manifest.precision}, ${megabytes(manifest)} on disk`],
        ['rerank', `${manifest.rerank.default ? 'on' : 'off'}: ${manifest.rerank.reason}`],
        ['licence', manifest.licence],
      ]);
    });
}

function importCommand(): Command {
  return new Command('import')
    .description('make a model from a BEiT-3 checkpoint, without Python')
    .argument('<file>', 'the .pth file')
    .requiredOption('--name <name>', 'what to call it')
    .option('--tokenizer <file>', 'the .spm file that belongs to it; only ImageNet models do without')
    .addOption(
      new Option('--precision <precision>', 'how weights are kept').choices(PRECISIONS).default('fp32'),
    )
    .option('--heads <n>', 'attention heads, where they are not 64 channels wide', wholeNumber(1, 256))
    .option(
      '--image-size <pixels>',
      'side of the pictures; positions are resized (default: as trained)',
      wholeNumber(1, 4096),
    )
    .option('--hidden-states', 'let the graphs also give every layer and the last attention')
    .option('--folder <folder>', 'where the bundle goes (default: the models of the library)')
    .option('--licence <text>', 'licence of the weights, for the manifest')
    .option('--json', 'print the manifest as JSON')
    .addHelpText('after', IMPORT_EXAMPLES)
    .action(
      async (
        checkpoint: string,
        flags: ImportFlags & { folder?: string; licence?: string },
        command: Command,
      ) => {
        const { config, json } = contextOf(command);
        const { tokenizer, name, precision, heads, imageSize, hiddenStates, licence } = flags;
        const { folder, manifest } = await importCheckpoint({
          checkpoint,
          tokenizer,
          name,
          precision,
          heads,
          imageSize,
          hiddenStates,
          folder: flags.folder ?? join(modelsFolder(config.dataDir), name),
          ...(licence !== undefined && { licence }),
        });
        if (json) return printJson({ folder, ...manifest });
        const { unused = [] } = manifest.source;
        if (unused.length > 0)
          note(`${unused.length} tensors are not part of BEiT-3 and were left out: ${unused.join(', ')}`);
        print(`${manifest.id} is at ${folder}`);
      },
    );
}

export function modelsCommand(): Command {
  return new Command('models')
    .description('list, inspect and import models')
    .addCommand(listCommand())
    .addCommand(inspectCommand())
    .addCommand(importCommand());
}
