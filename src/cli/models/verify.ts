import { Command } from 'commander';
import { type ModelReport, verifyModel } from '../../engine/mod.js';
import { contextOf, EXIT } from '../context.js';
import { print, printJson, styled } from '../output.js';
import { fileSize } from './sizes.js';

function line(fine: boolean, name: string, detail: string): string {
  return `${fine ? styled('green', '✓') : styled('red', '✗')} ${name.padEnd(21)} ${detail}`;
}

function shapes(outputs: ModelReport['graphs'][number]['outputs']): string {
  return Object.entries(outputs)
    .map(([name, dims]) => `${name} [${dims.join(', ')}]`)
    .join(', ');
}

function printReport({ id, folder, files, graphs, sound }: ModelReport): void {
  print(`${id} at ${folder}`);
  for (const { file, bytes, intact } of files) {
    const verdict = intact ? 'as written' : 'the content is not what the manifest says';
    print(line(intact, file, `${fileSize(bytes)}, ${verdict}`));
  }
  for (const { graph, outputs, milliseconds, problems } of graphs) {
    const fine = problems.length === 0;
    print(line(fine, graph, fine ? `${shapes(outputs)} in ${milliseconds} ms` : problems.join('; ')));
  }
  if (!sound) print('The model is damaged. Import or copy it again.');
}

export function verifyCommand(): Command {
  return new Command('verify')
    .description('read every file of a model and run each of its graphs once')
    .argument('[model]', 'its name, or the folder of a bundle (default: the model of the library)')
    .option('--json', 'print JSON')
    .action(async (model: string | undefined, _flags: object, command: Command) => {
      const { config, json } = contextOf(command);
      const { dataDir, threads } = config;
      const report = await verifyModel({ model: model ?? config.model, dataDir, threads });
      if (json) printJson(report);
      else printReport(report);
      process.exitCode = report.sound ? EXIT.ok : EXIT.failed;
    });
}
