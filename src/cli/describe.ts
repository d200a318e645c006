import { Command } from 'commander';
import { describeFiles, type Description } from '../engine/mod.js';
import { contextOf, EXIT } from './context.js';
import { note, print, printJson, styled } from './output.js';
import { progressBar } from './progress-bar.js';

const EXAMPLES = `
Examples:
  sightline describe holiday.jpg
  sightline describe ~/Pictures/2024/*.jpg --json

The captions are what the model says, not what anyone has checked.`;

function printDescription(description: Description): void {
  if ('caption' in description) return print(`${description.image}: ${description.caption}`);
  const { image, reason, code } = description;
  note(`${styled('yellow', 'skipped', process.stderr)} ${image}: ${reason} [${code}]`);
}

export function describeCommand(): Command {
  return new Command('describe')
    .description('write a caption of each picture')
    .argument('<file...>', 'picture files')
    .option('--json', 'print JSON')
    .addHelpText('after', EXAMPLES)
    .action(async (files: string[], _flags: object, command: Command) => {
      const { config, json, signal } = contextOf(command);
      const descriptions: Description[] = [];
      // In a terminal the captions themselves are the progress.
      const bar = json ? progressBar('Describing') : undefined;
      try {
        for await (const description of describeFiles(files, { ...config, signal })) {
          descriptions.push(description);
          bar?.update(descriptions.length, files.length);
          if (!json) printDescription(description);
        }
      } finally {
        bar?.stop();
      }
      if (json) printJson({ descriptions });
      const failed = descriptions.filter((description) => !('caption' in description));
      if (failed.length > 0) process.exitCode = failed.length < files.length ? EXIT.partial : EXIT.failed;
    });
}
