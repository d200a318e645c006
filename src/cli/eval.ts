import { Command } from 'commander';
import { evaluate, type RetrievalMetrics } from '../engine/mod.js';
import { contextOf } from './context.js';
import { note, printJson, printTable } from './output.js';
import { progressBar } from './progress-bar.js';
import { wholeNumber } from './whole-number.js';

const EXAMPLES = `
Example:
  sightline eval --dataset dataset.json --images ./images --split test --json

Retrieval R@k over all images and all captions of the split, in percent.`;

interface EvalFlags {
  readonly dataset: string;
  readonly images: string;
  readonly split: string;
  readonly rerank?: number;
}

function tableRows(name: string, { textToImage, imageToText }: RetrievalMetrics): string[][] {
  const row = (direction: string, { R1, R5, R10 }: RetrievalMetrics['textToImage']): string[] => [
    name,
    direction,
    ...[R1, R5, R10].map((value) => value.toFixed(2).padStart(6)),
  ];
  return [row('text → image', textToImage), row('image → text', imageToText)];
}

export function evalCommand(): Command {
  return new Command('eval')
    .description('measure how well a model finds images by their captions')
    .requiredOption('--dataset <file>', 'dataset.json in the Karpathy format')
    .requiredOption('--images <folder>', 'the folder of its images')
    .requiredOption('--split <name>', 'the split to measure on')
    .option('--rerank <R>', 'put the best R candidates in order by the fused mode', wholeNumber(1, 1000))
    .option('--json', 'print JSON')
    .addHelpText('after', EXAMPLES)
    .action(async (flags: EvalFlags, command: Command) => {
      const { config, json, signal } = contextOf(command);
      const bar = progressBar('Evaluating');
      const evaluation = await evaluate({
        ...flags,
        model: config.model,
        dataDir: config.dataDir,
        threads: config.threads,
        provider: config.provider,
        signal,
        onProgress: (stage, done, total) => bar.update(done, total, stage),
      }).finally(() => bar.stop());
      if (json) return printJson(evaluation);
      const { model, images, captions, dual, fused } = evaluation;
      note(`${model}: ${images} images, ${captions} captions`);
      const rows = [...tableRows('dual', dual), ...(fused ? tableRows('fused', fused) : [])];
      printTable([['MODE', 'DIRECTION', '  R@1', '  R@5', ' R@10'], ...rows]);
    });
}
