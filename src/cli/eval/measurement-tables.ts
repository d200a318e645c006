/** Results of the measurements beside retrieval, as tables. */
import type { Accuracy, DriftEvaluation, ProbeEvaluation, ZeroShotEvaluation } from '../../engine/mod.js';
import { note, print, printTable } from '../output.js';

const share = ({ value, interval }: Accuracy): string =>
  `${value.toFixed(1).padStart(5)} (${interval.low.toFixed(1)} – ${interval.high.toFixed(1)})`;

const signed = (value: number): string => `${value < 0 ? '' : '+'}${value.toFixed(2)}`;

export function printZeroShot({
  model,
  about,
  images,
  classes,
  templates,
  top1,
  top5,
  chance,
}: ZeroShotEvaluation): void {
  note(`${model}: ${images} images, ${classes} classes, ${templates} templates`);
  printTable([
    ['', 'percent (95 % interval)'],
    ['top 1', share(top1)],
    ['top 5', share(top5)],
    ['top 1 by guessing', chance.toFixed(2).padStart(5)],
  ]);
  if (about !== undefined) print(about);
}

export function printProbes({ model, pairs, accuracy }: ProbeEvaluation): void {
  note(`${model}: ${pairs} pairs; by guessing: in order 50, text 25, image 25, group 17`);
  const rows = Object.entries(accuracy).flatMap(([judge, kinds]) =>
    Object.entries(kinds).map(([kind, { inOrder, text, image, group }]) => [
      judge,
      kind,
      share(inOrder),
      share(text),
      share(image),
      share(group),
    ]),
  );
  printTable([['BY', 'KIND', 'IN ORDER', 'TEXT', 'IMAGE', 'GROUP'], ...rows]);
}

export function printDrift({ model, against, images, captions, change }: DriftEvaluation): void {
  note(`${model} against ${against}`);
  printTable([
    ['COSINE', 'mean', 'least'],
    ['images', images.mean.toFixed(5), images.least.toFixed(5)],
    ['captions', captions.mean.toFixed(5), captions.least.toFixed(5)],
  ]);
  const row = (name: string, { R1, R5, R10 }: typeof change.textToImage): string[] => [
    name,
    signed(R1),
    signed(R5),
    signed(R10),
  ];
  printTable([
    ['POINTS OF', 'R@1', 'R@5', 'R@10'],
    row('text → image', change.textToImage),
    row('image → text', change.imageToText),
  ]);
}
