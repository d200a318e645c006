import { join } from 'node:path';
import { Command, Option } from 'commander';
import {
  importCheckpoint,
  modelsFolder,
  type Precision,
  PRECISIONS,
  PUBLISHED_ADDRESS,
  pullCheckpoint,
  type PulledCheckpoint,
  type PulledFile,
  requireFreePlace,
} from '../../engine/mod.js';
import { contextOf } from '../context.js';
import { note, print, printJson } from '../output.js';
import { progressBar } from '../progress-bar.js';

const EXAMPLES = `
Examples:
  sightline models list --published
  sightline models pull beit3_base_patch16_384_coco_retrieval
  sightline models pull beit3_base_patch16_384_coco_retrieval --import --name coco --precision int8

This command uses the network, because it is asked to. What has come is kept when it is interrupted.`;

interface PullFlags {
  readonly from?: string;
  readonly import?: boolean;
  readonly name?: string;
  readonly precision: Precision;
  readonly dataDir?: string;
}

function tellFile({ path, sha256, compared }: PulledFile): void {
  note(path);
  note(`  SHA-256 ${sha256}, ${compared ? 'as reported for this file' : 'with nothing to compare it to'}`);
}

const quoted = (word: string): string =>
  /^[\w@%+=:,./~-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;

function importLine({ checkpoint, tokenizer }: PulledCheckpoint, name: string, flags: PullFlags): string {
  const words = ['sightline', 'models', 'import', checkpoint.path];
  if (tokenizer) words.push('--tokenizer', tokenizer.path);
  words.push('--name', name, '--precision', flags.precision);
  if (flags.dataDir !== undefined) words.push('--data-dir', flags.dataDir);
  return words.map(quoted).join(' ');
}

export function pullCommand(): Command {
  return new Command('pull')
    .description('download a published checkpoint and its tokenizer')
    .argument('<name>', 'a name of sightline models list --published')
    .option('--from <address>', `the folder of the files on the web (default: ${PUBLISHED_ADDRESS})`)
    .option('--import', 'import it at once')
    .option('--name <name>', 'what to call the imported model (default: the name of the checkpoint)')
    .addOption(
      new Option('--precision <precision>', 'how weights are kept').choices(PRECISIONS).default('fp32'),
    )
    .option('--json', 'print JSON')
    .addHelpText('after', EXAMPLES)
    .action(async (wanted: string, _flags: PullFlags, command: Command) => {
      const { config, json, signal } = contextOf(command);
      const flags = command.optsWithGlobals<PullFlags>();
      const { dataDir } = config;
      const name = flags.name ?? wanted.replace(/\.pth$/, '');
      const folder = join(modelsFolder(dataDir), name);
      // Said before the download, not after it.
      if (flags.import) await requireFreePlace(folder);
      const bar = progressBar('Downloading');
      const pulled = await pullCheckpoint({
        name: wanted,
        dataDir,
        from: flags.from,
        signal,
        onProgress: (file, done, total) => bar.update(done, total, file),
      }).finally(() => bar.stop());
      for (const file of [pulled.checkpoint, pulled.tokenizer]) if (file && !json) tellFile(file);
      if (!flags.import) {
        const next = importLine(pulled, name, flags);
        return json ? printJson({ ...pulled, import: next }) : print(next);
      }
      const { manifest } = await importCheckpoint({
        checkpoint: pulled.checkpoint.path,
        tokenizer: pulled.tokenizer?.path,
        name,
        precision: flags.precision,
        folder,
        signal,
      });
      if (json) printJson({ ...pulled, folder, manifest });
      else print(`${manifest.id} is at ${folder}`);
    });
}
