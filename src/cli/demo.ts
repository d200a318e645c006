import { Command } from 'commander';
import { contextOf } from './context.js';
import { print, printJson } from './output.js';
import { progressBar } from './progress-bar.js';

export function demoCommand(): Command {
  return new Command('demo')
    .description('draw the demo collection: illustrated scenes with captions')
    .argument('<folder>', 'where to draw it')
    .option('--json', 'print JSON')
    .action(async (folder: string, _flags: object, command: Command) => {
      const { json, signal } = contextOf(command);
      // Loaded here: no other command should pay for the drawing code.
      const { drawDemoCollection } = await import('../../data/demo/mod.js');
      const bar = progressBar('Drawing');
      const onProgress = (done: number, total: number): void => bar.update(done, total);
      const { images } = await drawDemoCollection(folder, { onProgress, signal }).finally(() => bar.stop());
      if (json) printJson({ folder, images });
      else print(`${images} scenes with captions are in ${folder}`);
    });
}
