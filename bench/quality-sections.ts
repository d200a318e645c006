/** The measurements of `bench/quality.ts` as tables and curves. */
import type {
  Accuracy,
  DriftEvaluation,
  Evaluation,
  ProbeEvaluation,
  ZeroShotEvaluation,
} from '../src/engine/mod.js';
import { DIRECTION_WORDS, DIRECTIONS } from '../src/core/fusion.js';
import { type JudgedQuery, precision } from './everyday-queries.js';
import type { Plot, Point } from './plot.js';
import type { DevMeasurement } from './recipe-log.js';
import { type Figure, figure, type Section, type TextTable } from './report.js';

type Retrieval = Evaluation['dual'];

type Targets = Readonly<Record<string, string>>;

/** What the project wants of the development photos, and of the demo. */
export const DEV_TARGETS: Targets = {
  'dual, text → image R@1': '≥ 11',
  'dual, text → image R@10': '≥ 40',
  'dual, image → text R@10': '≥ 45',
  'reranked by caption, text → image R@1': '≥ 15',
  'reranked by caption ÷ dual, text → image R@1': '≥ 1.25',
};
export const DEMO_TARGETS: Targets = { 'dual, text → image R@1': '≥ 90' };

function withInterval(one: Figure, interval: Accuracy['interval']): Figure {
  return { ...one, interval };
}

function recallFigures(who: string, retrieval: Retrieval, targets: Targets): Figure[] {
  return DIRECTIONS.flatMap((direction) => {
    const { R1, R5, R10, interval } = retrieval[direction];
    const of = (name: string, value: number): Figure => {
      const what = `${who}, ${DIRECTION_WORDS[direction]} ${name}`;
      return figure(what, '%', [value], targets[what]);
    };
    return [withInterval(of('R@1', R1), interval), of('R@5', R5), of('R@10', R10)];
  });
}

export function retrievalSection(title: string, evaluation: Evaluation, targets: Targets): Section {
  const { dual, reranked = [], images, captions } = evaluation;
  const figures = recallFigures('dual', dual, targets);
  for (const { scorer, alone, combined } of reranked) {
    const best = combined ?? alone;
    figures.push(...recallFigures(`reranked by ${scorer}`, best, targets));
    const what = `reranked by ${scorer} ÷ dual, text → image R@1`;
    figures.push(figure(what, 'ratio', [best.textToImage.R1 / dual.textToImage.R1], targets[what]));
  }
  return { title: `${title}: ${images} pictures, ${captions} captions`, figures };
}

export function driftSection({ images, captions, change, precisions }: DriftEvaluation): Section {
  const [mine, other] = precisions;
  return {
    title: `Drift of ${mine} from ${other}`,
    figures: [
      figure('1 − mean cosine, images', '', [1 - images.mean], '≤ 0.01'),
      figure('1 − mean cosine, captions', '', [1 - captions.mean], '≤ 0.01'),
      figure('1 − least cosine, images', '', [1 - images.least]),
      figure('1 − least cosine, captions', '', [1 - captions.least]),
      ...DIRECTIONS.flatMap((direction) => [
        figure(`${DIRECTION_WORDS[direction]} R@1`, 'points', [change[direction].R1]),
        figure(`${DIRECTION_WORDS[direction]} R@10`, 'points', [change[direction].R10], '≥ −0.7'),
      ]),
    ],
  };
}

function accuracyFigure(what: string, { value, interval }: Accuracy, target?: string): Figure {
  return withInterval(figure(what, '%', [value], target), interval);
}

export function zeroShotSection({ classes, images, top1, top5, chance }: ZeroShotEvaluation): Section {
  return {
    title: `Zero-shot: ${images} photos of ${classes} classes`,
    figures: [
      accuracyFigure('top 1', top1),
      accuracyFigure('top 5', top5),
      figure('top 1 by guessing', '%', [chance]),
    ],
  };
}

export function probeSection({ pairs, accuracy }: ProbeEvaluation): Section {
  const figures = Object.entries(accuracy).flatMap(([judge, kinds]) =>
    Object.entries(kinds).flatMap(([kind, { inOrder, text, image, group }]) => {
      const target = judge !== 'dual' && kind === 'all' ? '≥ 85' : undefined;
      const order = accuracyFigure(`${judge}, ${kind}: in order`, inOrder, target);
      if (kind !== 'all') return [order];
      return [
        order,
        accuracyFigure(`${judge}, all: text`, text),
        accuracyFigure(`${judge}, all: image`, image),
        accuracyFigure(`${judge}, all: group`, group),
      ];
    }),
  );
  return {
    title: `Composition probes: ${pairs} pairs; guessing is 50 % in order, 25 text, 25 image, 17 group`,
    figures,
  };
}

export function querySection(queries: readonly JudgedQuery[]): Section {
  const { value, unjudged } = precision(queries);
  return {
    title: `Everyday queries: ${queries.length} over the development photos`,
    figures: [
      figure('precision@5', '%', [value], '≥ 60'),
      figure('photos that nobody has looked at', '', [unjudged]),
    ],
  };
}

function sign(fits: boolean | undefined): string {
  return fits === undefined ? '?' : fits ? '✓' : '✗';
}

export function queryTable(queries: readonly JudgedQuery[]): TextTable {
  return {
    title: 'Everyday queries: what was found, best first',
    rows: [
      ['query', 'first five'],
      ...queries.map(({ query, found }) => [
        query,
        found.map(({ file, fits }) => `${sign(fits)} ${file}`).join(' · '),
      ]),
    ],
  };
}

export function yardstickSection(log: readonly DevMeasurement[]): Section {
  const last = log.at(-1);
  const figures = last
    ? Object.entries(last.yardstick).map(([what, value]) =>
        figure(`teacher's features, ${what}`, '%', [value]),
      )
    : [];
  return { title: 'Yardstick from the recipe’s log', figures };
}

const KS = [1, 5, 10] as const;

function points(recalls: Readonly<Record<'R1' | 'R5' | 'R10', number>>): Point[] {
  return KS.map((k) => [k, recalls[`R${k}`]] as const);
}

export function recallPlot({ dual }: Evaluation, last: DevMeasurement | undefined): Plot {
  const yardstick = last && KS.map((k): Point => [k, last.yardstick[`text to image R@${k}`] ?? NaN]);
  return {
    id: 'recall',
    title: 'Development photos: text → image',
    x: { label: 'k', from: 0 },
    y: { label: 'R@k, percent', from: 0 },
    series: [
      { label: 'dual', points: points(dual.textToImage), dots: true },
      ...(yardstick ? [{ label: 'teacher’s features', points: yardstick, dashed: true }] : []),
    ],
  };
}

export function rerankPlot({ images, dual, reranked = [] }: Evaluation): Plot {
  return {
    id: 'rerank',
    title: `${images} development photos: text → image, reranked`,
    x: { label: 'k', from: 0 },
    y: { label: 'R@k, percent', from: 0 },
    series: [
      { label: 'dual', points: points(dual.textToImage), dots: true },
      ...reranked.map(({ scorer, alone, combined }) => ({
        label: `reranked by ${scorer}`,
        points: points((combined ?? alone).textToImage),
        dots: true,
      })),
    ],
  };
}

export function trainingPlot(log: readonly DevMeasurement[]): Plot {
  const curve = (of: (one: DevMeasurement) => number | undefined): Point[] =>
    log.map((one) => [one.steps, of(one) ?? NaN] as const);
  return {
    id: 'training',
    title: 'While training: text → image R@10 on the development photos',
    x: { label: 'step, all stages' },
    y: { label: 'percent', from: 0 },
    series: [
      { label: 'model', points: curve(({ model }) => model['text to image R@10']), dots: true },
      {
        label: 'teacher’s features',
        points: curve(({ yardstick }) => yardstick['text to image R@10']),
        dashed: true,
      },
    ],
  };
}
