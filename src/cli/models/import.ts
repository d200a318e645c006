import { join } from 'node:path';
import { Command, Option } from 'commander';
import { importCheckpoint, modelsFolder, type Precision, PRECISIONS } from '../../engine/mod.js';
import { contextOf } from '../context.js';
import { note, print, printJson } from '../output.js';
import { wholeNumber } from '../whole-number.js';

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
  readonly answers?: string;
  readonly json?: boolean;
}

export function importCommand(): Command {
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
    .option('--answers <file>', 'what the classes of a question-answering model stand for')
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
        const { config, json, signal } = contextOf(command);
        const { tokenizer, name, precision, heads, imageSize, hiddenStates, answers, licence } = flags;
        const { folder, manifest } = await importCheckpoint({
          checkpoint,
          tokenizer,
          name,
          precision,
          heads,
          imageSize,
          hiddenStates,
          answers,
          signal,
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
