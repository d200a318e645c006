import { Command, InvalidArgumentError } from 'commander';
import { SCORER_NAMES, type ScorerName } from '../core/fusion.js';
import { SightlineError } from '../core/errors.js';
import { evaluate, evaluateDrift, evaluateProbes, evaluateZeroShot, type Evaluation } from '../engine/mod.js';
import { type Context, contextOf } from './context.js';
import { fusionFormulas } from './fusion-formula.js';
import { printDrift, printProbes, printZeroShot } from './eval/measurement-tables.js';
import { note, print, printJson, printTable } from './output.js';
import { progressBar } from './progress-bar.js';
import { wholeNumber } from './whole-number.js';

const EXAMPLES = `
Examples:
  sightline eval --dataset dataset.json --images ./images --split test --json
  sightline eval --dataset dataset.json --images ./images --split test --rerank 32 --scorer match interaction
  sightline eval --dataset dataset.json --images ./images --split val --rerank 32 --fit
  sightline eval --dataset dataset.json --images ./images --split test --against my-model-fp32
  sightline eval --probes ./probes --scorer match
  sightline eval --zero-shot classes.json --images ./images

Retrieval R@k over all images and all captions of the split, in percent, with the 95 % interval of R@1. With --fit half of the
images serves to fit how scores are combined and the other half is measured; the model's manifest remembers the result.`;

interface EvalFlags {
  readonly dataset?: string;
  readonly images?: string;
  readonly split?: string;
  readonly against?: string;
  readonly probes?: string;
  readonly zeroShot?: string;
  readonly rerank?: number;
  readonly scorer?: readonly ScorerName[];
  readonly fit?: boolean;
}

type Retrieval = Evaluation['dual'];

function scorerNamed(value: string, before: readonly ScorerName[] = []): readonly ScorerName[] {
  const name = SCORER_NAMES.find((known) => known === value);
  if (name) return [...before, name];
  throw new InvalidArgumentError(`Expected one of: ${SCORER_NAMES.join(', ')}.`);
}

function tableRows(name: string, retrieval: Retrieval, time: string): string[][] {
  const row = (direction: string, { R1, R5, R10, interval }: Retrieval['textToImage']): string[] => [
    name,
    direction,
    R1.toFixed(2).padStart(6),
    `${interval.low.toFixed(1)} – ${interval.high.toFixed(1)}`.padStart(13),
    R5.toFixed(2).padStart(6),
    R10.toFixed(2).padStart(6),
    time.padStart(7),
  ];
  return [row('text → image', retrieval.textToImage), row('image → text', retrieval.imageToText)];
}

function printEvaluation({ model, images, captions, dual, depth, reranked = [], gate }: Evaluation): void {
  note(`${model}: ${images} images, ${captions} captions${depth === undefined ? '' : `, depth ${depth}`}`);
  const rows = reranked.flatMap(({ scorer, alone, combined, millisecondsEach }) => {
    const time = millisecondsEach.toFixed(2);
    return [
      ...tableRows(scorer, alone, time),
      ...(combined ? tableRows(`dual + ${scorer}`, combined, time) : []),
    ];
  });
  printTable([
    ['SCORER', 'DIRECTION', '  R@1', '95 % interval', '  R@5', ' R@10', 'ms/pair'],
    ...tableRows('dual', dual, '–'),
    ...rows,
  ]);
  for (const { scorer, fusion, reliability } of reranked) {
    if (fusion === undefined || reliability === undefined) continue;
    for (const { direction, formula } of fusionFormulas(fusion)) print(`${direction}: ${formula}`);
    print(`${scorer}: expected calibration error ${reliability.error.toFixed(4)}`);
  }
  if (gate) print(`rerank ${gate.default ? 'on' : 'off'} by default: ${gate.reason}`);
}

/** @throws ERR_CONFIG_INVALID where it is missing */
function needed(value: string | undefined, flag: string): string {
  if (value !== undefined) return value;
  const message = `Expected ${flag}. Measure retrieval with --dataset, --images and --split; or --probes FOLDER; or --zero-shot FILE and --images.`;
  throw new SightlineError('ERR_CONFIG_INVALID', message);
}

interface Measured {
  readonly result: object;
  tell(): void;
}

async function measure(flags: EvalFlags, { config, signal }: Context): Promise<Measured> {
  const { model, dataDir, threads, provider } = config;
  const bar = progressBar('Evaluating');
  const onProgress = (stage: string, done: number, total: number): void => bar.update(done, total, stage);
  const options = { model, dataDir, threads, provider, signal, onProgress };
  const { probes, zeroShot, against, scorer: scorers } = flags;
  try {
    if (probes !== undefined) {
      const result = await evaluateProbes({ ...options, folder: probes, scorers });
      return { result, tell: () => printProbes(result) };
    }
    const images = needed(flags.images, '--images');
    if (zeroShot !== undefined) {
      const result = await evaluateZeroShot({ ...options, file: zeroShot, images });
      return { result, tell: () => printZeroShot(result) };
    }
    const dataset = needed(flags.dataset, '--dataset');
    const split = needed(flags.split, '--split');
    if (against !== undefined) {
      const result = await evaluateDrift({ ...options, against, dataset, images, split });
      return { result, tell: () => printDrift(result) };
    }
    const { rerank, fit } = flags;
    const result = await evaluate({ ...options, dataset, images, split, rerank, scorers, fit });
    return { result, tell: () => printEvaluation(result) };
  } finally {
    bar.stop();
  }
}

export function evalCommand(): Command {
  return new Command('eval')
    .description('measure how well a model finds images by their captions')
    .option('--dataset <file>', 'dataset.json in the Karpathy format')
    .option('--images <folder>', 'the folder of its images')
    .option('--split <name>', 'the split to measure on')
    .option('--rerank <R>', 'put the best R candidates in order by the fused mode', wholeNumber(1, 1000))
    .option('--scorer <name...>', `by which of the model's heads: ${SCORER_NAMES.join(', ')}`, scorerNamed)
    .option('--fit', 'fit how scores are combined, and write it into the manifest; needs --rerank')
    .option('--against <model>', 'how far the model drifts from another precision of the same checkpoint')
    .option('--probes <folder>', 'composition probes, as sightline demo --probes draws them')
    .option('--zero-shot <file>', 'classify by words alone: classes, templates and labelled images')
    .option('--json', 'print JSON')
    .addHelpText('after', EXAMPLES)
    .action(async (flags: EvalFlags, command: Command) => {
      const context = contextOf(command);
      const measured = await measure(flags, context);
      if (context.json) printJson(measured.result);
      else measured.tell();
    });
}
