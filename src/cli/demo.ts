import { Command } from 'commander';
import { contextOf } from './context.js';
import { print, printJson } from './output.js';
import { progressBar } from './progress-bar.js';
import { wholeNumber } from './whole-number.js';

const EXAMPLES = `
Examples:
  sightline demo ./demo
  sightline demo --probes ./probes
  sightline demo --scenes 4000 --seed 1 ./scenes

Probes are pairs of scenes that differ in one relation, count, colour binding or negation; probes.jsonl has their captions.
Training scenes have several captions each, and never the seeds of the demo or the probes.`;

interface DemoFlags {
  readonly probes?: boolean;
  readonly scenes?: number;
  readonly seed: number;
}

export function demoCommand(): Command {
  return new Command('demo')
    .description('draw the demo collection: illustrated scenes with captions')
    .argument('<folder>', 'where to draw it')
    .option('--probes', 'draw the composition probes instead')
    .option('--scenes <n>', 'draw this many scenes to train a model on instead', wholeNumber(4, 1_000_000))
    .option('--seed <n>', 'which of the 1000 sets of training scenes', wholeNumber(0, 999), 0)
    .option('--json', 'print JSON')
    .addHelpText('after', EXAMPLES)
    .action(async (folder: string, { probes, scenes, seed }: DemoFlags, command: Command) => {
      const { json, signal } = contextOf(command);
      // Loaded here: no other command should pay for the drawing code.
      const demo = await import('../../data/demo/mod.js');
      const bar = progressBar('Drawing');
      const options = { signal, onProgress: (done: number, total: number): void => bar.update(done, total) };
      const drawn = await (probes
        ? demo.drawProbes(folder, options)
        : scenes !== undefined
          ? demo.drawTrainingScenes(folder, scenes, seed, options)
          : demo.drawDemoCollection(folder, options)
      ).finally(() => bar.stop());
      if (json) printJson({ folder, ...drawn });
      else if ('pairs' in drawn) print(`${drawn.pairs} pairs of scenes with their captions are in ${folder}`);
      else print(`${drawn.images} scenes with captions are in ${folder}`);
    });
}
