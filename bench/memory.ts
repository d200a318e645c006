/** What an ingest keeps in memory: whether it grows with the number of photos, and what the largest pictures cost. */
import { rename } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { Benchmark } from './benchmark.js';
import { cameraPhotos, HUNDRED_MEGAPIXELS, ONE_MEGAPIXEL } from './camera-photos.js';
import { spreadOver } from './photo-set.js';
import type { Plot } from './plot.js';
import { figure } from './report.js';
import { temporaryFolder } from './temporary-folder.js';
import { runTrial } from './trial.js';
import type { IngestMemoryTrial, MemorySample } from './trials/ingest-memory.js';

const PHOTOS = 20_000;
/** One photo in so many has 12 megapixels, the others have 1. */
const CAMERA_EVERY = 20;
const LARGE = 8;
/** One of 100 megapixels takes most of a minute to draw. */
const LARGE_DRAWINGS = { first: 0, count: 2 };
const QUICK = { photos: 200, large: 1 };
/** Memory counts as settled from this share of the photos on: 2,000 of 20,000. */
const SETTLED = 0.1;

/** Photos of both sizes, in one folder and in turn. */
async function mixedPhotos(folder: string, count: number): Promise<void> {
  const camera = await cameraPhotos(join(folder, 'camera'), Math.floor(count / CAMERA_EVERY));
  await cameraPhotos(folder, count - camera.length, ONE_MEGAPIXEL);
  for (const [i, path] of camera.entries()) {
    const turn = String(i * (CAMERA_EVERY - 1)).padStart(6, '0');
    await rename(path, join(dirname(dirname(path)), `${turn}-${basename(path)}`));
  }
}

const highest = (samples: readonly MemorySample[]): number =>
  Math.max(...samples.map(({ mebibytes }) => mebibytes));

const DOTS = 200;

function residentPlot(samples: readonly MemorySample[]): Plot {
  const points = spreadOver(samples, DOTS).map(({ photos, mebibytes }) => [photos, mebibytes] as const);
  return {
    id: 'resident',
    title: 'Memory of an ingest as the library grows',
    x: { label: 'photos' },
    y: { label: 'resident set, MiB', from: 0 },
    series: [{ label: 'resident set', points }],
  };
}

/** Largest deviation from the middle, in per cent. */
function deviation(samples: readonly MemorySample[]): number {
  const values = samples.map(({ mebibytes }) => mebibytes);
  const middle = (Math.max(...values) + Math.min(...values)) / 2;
  return (100 * (Math.max(...values) - middle)) / middle;
}

export const memoryBenchmark: Benchmark = {
  name: 'memory',
  sentence: 'memory of an ingest over many photos, and over pictures of 100 megapixels',

  async run({ trials = 1, quick }, say) {
    const size = quick ? QUICK : { photos: PHOTOS, large: LARGE };
    await using place = await temporaryFolder();
    const [photos, large] = [join(place.path, 'photos'), join(place.path, 'large')];
    // Made here: what it takes to make them must not count as memory of the ingest.
    await mixedPhotos(photos, size.photos);
    await cameraPhotos(large, size.large, HUNDRED_MEGAPIXELS, LARGE_DRAWINGS);
    const results: IngestMemoryTrial['result'][] = [];
    for (let i = 0; i < trials; i++) {
      results.push(await runTrial<IngestMemoryTrial>('ingest-memory', { photos, large }));
      say(`round ${i + 1} of ${trials}`);
    }
    const late = results.map(({ photos: samples }) =>
      samples.filter((sample) => sample.photos >= SETTLED * size.photos),
    );
    return {
      sections: [
        {
          title: `Resident set over ${size.photos} photos`,
          figures: [
            figure(
              'highest',
              'MiB',
              results.map(({ photos: samples }) => highest(samples)),
              '≤ 900',
            ),
            figure('deviation after the first tenth', '%', late.map(deviation), '≤ 10'),
            figure(
              'photos a second',
              'photos/s',
              results.map(({ seconds }) => size.photos / seconds),
            ),
          ],
        },
        {
          title: `Resident set over ${size.large} pictures of 100 megapixels, in the same process`,
          figures: [
            figure(
              'highest',
              'MiB',
              results.map((result) => result.large),
              '≤ 1200',
            ),
          ],
        },
      ],
      plots: results.slice(0, 1).map(({ photos: samples }) => residentPlot(samples)),
      notes: [
        `One photo in ${CAMERA_EVERY} has 12 megapixels, the others have one: memory follows from how many there are and from the largest, and a run of 12 megapixels throughout would take an hour. Looked at ten times a second.`,
        'The deviation is that of the highest and lowest value from the middle between them.',
      ],
    };
  },
};
