/** Whether the fused mode helps, what it costs, and whether its heat maps tell the truth. */
import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Evaluation, Explainable, ScorerEvaluation } from '../src/engine/mod.js';
import { DIRECTION_WORDS, DIRECTIONS } from '../src/core/fusion.js';
import { meanInterval } from '../src/engine/rerank/bootstrap.js';
import type { Benchmark } from './benchmark.js';
import { type PhotoSet, photoSet, spreadOver } from './photo-set.js';
import type { Plot, Point } from './plot.js';
import { type Figure, figure, type Section } from './report.js';
import { percentile } from './statistics.js';
import { temporaryFolder } from './temporary-folder.js';
import { runTrial } from './trial.js';
import type { DeletionCurve, DeletionTrial } from './trials/deletion.js';
import type { RerankQualityTrial } from './trials/rerank-quality.js';
import type { RerankSpeed, RerankSpeedTrial } from './trials/rerank-speed.js';

/** From dist/bench/rerank.js. */
const DEV: string = fileURLToPath(new URL('../../../shared/photos/dev/', import.meta.url));
const DEPTH = 32;
const BUDGET_MS = 60;
const ROUNDS = 20;
const ERASED_PHOTOS = 100;
const EXPLAINED: readonly Explainable[] = ['similarity', 'caption', 'interaction'];

type Retrieval = Evaluation['dual'];

function recallFigures(name: string, retrieval: Retrieval): Figure[] {
  return DIRECTIONS.flatMap((direction) => {
    const { R1, R5, R10, interval } = retrieval[direction];
    return [
      { ...figure(`${name}, ${DIRECTION_WORDS[direction]}: R@1`, '%', [R1]), interval },
      figure(`${name}, ${DIRECTION_WORDS[direction]}: R@5`, '%', [R5]),
      figure(`${name}, ${DIRECTION_WORDS[direction]}: R@10`, '%', [R10]),
    ];
  });
}

function liftFigures({ scorer, lift, reliability, millisecondsEach }: ScorerEvaluation): Figure[] {
  const change = DIRECTIONS.flatMap((direction) => {
    const { before = NaN, after = NaN, low = NaN, high = NaN } = lift?.[direction] ?? {};
    const name = `dual + ${scorer}, ${DIRECTION_WORDS[direction]}: R@1`;
    return [
      { ...figure(`${name}, change`, 'points', [after - before]), interval: { low, high } },
      figure(
        `${name}, after ÷ before`,
        'ratio',
        [after / before],
        direction === 'textToImage' ? '≥ 1.25' : '≥ 1.2',
      ),
    ];
  });
  return [
    ...change,
    figure(`dual + ${scorer}: expected calibration error`, '', [reliability?.error], '≤ 0.05'),
    figure(`${scorer}: a pair`, 'ms', [millisecondsEach]),
  ];
}

function qualitySection({ images, captions, depth, dual, reranked = [] }: Evaluation): Section {
  return {
    title: `Rerank at R = ${depth}: ${images} photos with ${captions} captions that nothing was fitted on`,
    figures: [
      ...recallFigures('dual', dual),
      ...reranked.flatMap((one) => [
        ...recallFigures(`${one.scorer} alone`, one.alone),
        ...(one.combined ? recallFigures(`dual + ${one.scorer}`, one.combined) : []),
        ...liftFigures(one),
      ]),
    ],
  };
}

function reliabilityPlot({ reranked = [] }: Evaluation): Plot {
  const end = { label: 'confidence', from: 0, to: 1 };
  return {
    id: 'reliability',
    title: 'How often a confidence is right',
    x: end,
    y: { label: 'share that belongs together', from: 0, to: 1 },
    series: [
      {
        label: 'ideal',
        points: [
          [0, 0],
          [1, 1],
        ],
        dashed: true,
      },
      ...reranked.flatMap(({ scorer, reliability }) => {
        const points = reliability?.bins.map(({ confidence, share }): Point => [confidence, share]) ?? [];
        return points.length > 0 ? [{ label: `dual + ${scorer}`, points, dots: true }] : [];
      }),
    ],
  };
}

const meanOf = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

function curveOf(curves: readonly DeletionCurve[], which: 'relevantFirst' | 'anyOrder'): Point[] {
  const [first] = curves;
  return (first?.shares ?? []).map(
    (share, step): Point => [
      share,
      meanOf(curves.map((curve) => (curve[which][step] as number) - (curve[which][0] as number))),
    ],
  );
}

function deletionFigure(by: Explainable, curves: readonly DeletionCurve[]): Figure {
  const gaps = curves.map(({ relevantFirst, anyOrder }, group) => {
    return { group, value: meanOf(anyOrder.map((score, step) => score - (relevantFirst[step] as number))) };
  });
  const name = `${by}: any order − most relevant first, mean over the curve`;
  const gap = meanOf(gaps.map(({ value }) => value));
  return { ...figure(name, 'score', [gap], '> 0'), interval: meanInterval(gaps) };
}

function deletionPlot(by: Explainable, curves: readonly DeletionCurve[]): Plot {
  return {
    id: `deletion-${by}`,
    title: `What the ${by} loses while the photo is covered`,
    x: { label: 'share of the photo that is covered', from: 0, to: 1 },
    y: { label: 'change of the score' },
    series: [
      { label: 'most relevant first', points: curveOf(curves, 'relevantFirst'), dots: true },
      { label: 'any order', points: curveOf(curves, 'anyOrder'), dashed: true },
    ],
  };
}

function speedSection(
  { raw, texts, reranked, repeated, overrun, depths }: RerankSpeed,
  photos: string,
): Section {
  const ratios = reranked.map((time, i) => time / (raw[i] as number));
  return {
    title: `Speed over ${photos}: R = ${DEPTH}, and a budget of ${BUDGET_MS} ms`,
    figures: [
      figure('texts read with each candidate', '', texts),
      figure('the bare graph, a batch for each text', 'ms', raw),
      figure('rerank', 'ms', reranked),
      figure('rerank ÷ bare graph, the same pairs', 'ratio', ratios, '≤ 1.15'),
      figure('the same search again, all of it', 'ms', repeated, '≤ 3'),
      figure('over the budget, p95', 'ms', overrun.length > 0 ? [percentile(overrun, 0.95)] : [], '≤ 20'),
      figure('depth in the budget', 'candidates', depths),
    ],
  };
}

async function speed(photos: PhotoSet, rounds: number): Promise<RerankSpeed> {
  const texts = spreadOver(photos.captions, 2 * rounds);
  return runTrial<RerankSpeedTrial>('rerank-speed', {
    files: photos.files,
    queries: texts.slice(0, rounds),
    hurried: texts.slice(rounds),
    depth: Math.min(DEPTH, photos.files.length),
    budgetMs: BUDGET_MS,
  });
}

interface Described {
  readonly filename: string;
  readonly split: string;
  readonly sentences: readonly { readonly raw: string }[];
}

async function describedPhotos(limit: number): Promise<readonly Described[]> {
  const { images } = JSON.parse(await readFile(join(DEV, 'dataset.json'), 'utf8')) as {
    images: readonly Described[];
  };
  return images.slice(0, limit);
}

export const rerankBenchmark: Benchmark = {
  name: 'rerank',
  sentence: 'whether the fused mode helps, what it costs, and whether its heat maps tell the truth',

  async run({ photos: given, limit, trials, quick }, say) {
    const sections: Section[] = [];
    const plots: Plot[] = [];
    await using photos = await photoSet(given, quick ? 64 : limit);
    const times = await speed(photos, trials ?? (quick ? 3 : ROUNDS));
    sections.push(speedSection(times, photos.title));
    say('speed');
    if (!existsSync(DEV)) {
      say('The development photos are not there; quality is not measured.');
      return { sections, plots, notes: NOTES };
    }
    const described = await describedPhotos(quick ? 24 : limit);
    await using place = await temporaryFolder();
    const dataset = join(place.path, 'dataset.json');
    await writeFile(dataset, JSON.stringify({ images: described }));
    const images = join(DEV, 'images');
    const split = described[0]?.split ?? '';
    const depth = quick ? 8 : DEPTH;
    const quality = await runTrial<RerankQualityTrial>('rerank-quality', { dataset, images, split, depth });
    sections.unshift(qualitySection(quality));
    plots.push(reliabilityPlot(quality));
    say(`quality; rerank ${quality.gate?.default ? 'on' : 'off'}: ${quality.gate?.reason}`);

    const erased = described.slice(0, quick ? 4 : ERASED_PHOTOS).map(({ filename, sentences }) => {
      return { file: join(images, filename), caption: sentences[0]?.raw ?? '' };
    });
    const figures: Figure[] = [];
    for (const by of EXPLAINED) {
      const curves = await runTrial<DeletionTrial>('deletion', { by, photos: erased });
      figures.push(deletionFigure(by, curves));
      plots.push(deletionPlot(by, curves));
      say(`deletion by ${by}`);
    }
    sections.push({ title: `Heat maps: ${erased.length} photos, covered cell by cell`, figures });
    return { sections, plots, notes: [...NOTES, `The gate: ${quality.gate?.reason ?? 'not measured'}`] };
  },
};

const NOTES: readonly string[] = [
  'Every other photo serves to fit how the scores are combined; the table is about the others, which are looked for among themselves. Brackets are 95 % intervals over resampled photos, their captions together.',
  'The bare graph takes the pixels of as many photos in one batch for each text; the rerank reads the same number from disk, in batches. Both take turns with the same queries, the bare graph before and after each rerank, and the ratio is of each turn. A query with a colour, a number, a relation or a negation is read with further texts that verify it.',
  'Heat maps are made by covering parts of the photo and say nothing about the model’s reasons beyond that. Scores of a heat map are of the photo’s first caption.',
];
