/** How good the embedded model is, with intervals: nothing here passes or fails, targets are told. */
import { existsSync, readdirSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { fileSha256 } from '../src/encoder/bundle.js';
import type { Evaluation } from '../src/engine/mod.js';
import type { Benchmark, BenchmarkOptions } from './benchmark.js';
import { EMBEDDED_MODEL } from './embedded-model.js';
import { EVERYDAY_QUERIES, JUDGED_DEPTH, judged, readJudgements } from './everyday-queries.js';
import {
  DEMO_TARGETS,
  DEV_TARGETS,
  driftSection,
  probeSection,
  queryTable,
  querySection,
  recallPlot,
  rerankPlot,
  retrievalSection,
  trainingPlot,
  yardstickSection,
  zeroShotSection,
} from './quality-sections.js';
import { devMeasurements } from './recipe-log.js';
import type { Section, TextTable } from './report.js';
import type { Plot } from './plot.js';
import { temporaryFolder } from './temporary-folder.js';
import { runTrial } from './trial.js';
import type { Measurement, Measurements, QualityTrial } from './trials/quality.js';

/** From dist/bench/quality.js. */
const SHARED: string = fileURLToPath(new URL('../../../shared/', import.meta.url));
const DEV: string = join(SHARED, 'photos/dev');
const CLASSES: string = join(SHARED, 'photos/imagenet-one-per-class');
const CHECKPOINTS: string = join(SHARED, 'model');
/** As the recipe holds them out. */
const HELD_OUT_EVERY = 5;
const RERANK_DEPTH = 32;
const QUICK = { photos: 40, scenes: 20, probes: 8, classes: 10 } as const;
const TEMPLATES = ['a photo of a {}', 'a picture of a {}', 'an image of a {}', 'a {}'] as const;

type Say = (line: string) => void;

async function measure<M extends Measurement>(
  name: M,
  input: Measurements[M]['input'],
): Promise<Measurements[M]['result']> {
  await using place = await temporaryFolder();
  const whole = { measure: name, dataDir: place.path, ...input } as QualityTrial['input'];
  return runTrial<QualityTrial>('quality', whole);
}

interface KarpathyImage {
  readonly filename: string;
  readonly split: string;
  readonly sentences: readonly { readonly raw: string }[];
}

async function writeDataset(path: string, images: readonly KarpathyImage[]): Promise<string> {
  await writeFile(path, JSON.stringify({ images }));
  return path;
}

/** The development photos, the first of them where fewer are asked for. */
async function devDataset(folder: string, limit: number): Promise<string> {
  const { images } = JSON.parse(await readFile(join(DEV, 'dataset.json'), 'utf8')) as {
    images: KarpathyImage[];
  };
  return writeDataset(join(folder, `dev-${limit}.json`), images.slice(0, limit));
}

async function demoDataset(folder: string, count: number | undefined): Promise<string> {
  const { drawDemoCollection } = await import('../data/demo/mod.js');
  await drawDemoCollection(folder, count === undefined ? {} : { count });
  const lines = (await readFile(join(folder, 'captions.jsonl'), 'utf8')).trim().split('\n');
  const rows = lines.map((line) => JSON.parse(line) as { image: string; caption: string });
  const images = rows.map(({ image, caption }) => ({
    filename: image,
    split: 'val',
    sentences: [{ raw: caption }],
  }));
  return writeDataset(join(folder, 'dataset.json'), images);
}

async function zeroShotFile(folder: string, limit: number | undefined): Promise<string> {
  const lines = (await readFile(join(CLASSES, 'captions.jsonl'), 'utf8')).trim().split('\n');
  const rows = lines.map((line) => JSON.parse(line) as { image: string; label: string });
  const images = rows.filter((_, i) => i % HELD_OUT_EVERY === 0).slice(0, limit);
  const classes = [...new Set(images.map(({ label }) => label))];
  const path = join(folder, 'classes.json');
  await writeFile(path, JSON.stringify({ templates: TEMPLATES, classes, images }));
  return path;
}

/** The checkpoint that the embedded bundle was made from, where it lies beside the repository. */
async function checkpointOf(bundle: string): Promise<string | undefined> {
  const manifest = JSON.parse(await readFile(join(bundle, 'manifest.json'), 'utf8')) as {
    source: { sha256: string };
  };
  if (!existsSync(CHECKPOINTS)) return undefined;
  const files = readdirSync(CHECKPOINTS, { recursive: true, encoding: 'utf8' });
  for (const file of files.filter((name) => name.endsWith('.pth'))) {
    const path = join(CHECKPOINTS, file);
    if ((await fileSha256(path)) === manifest.source.sha256) return path;
  }
  return undefined;
}

async function everyday(say: Say): Promise<{ section: Section; table: TextTable }> {
  const input = { images: join(DEV, 'images'), queries: EVERYDAY_QUERIES, limit: JUDGED_DEPTH };
  const paths = await measure('queries', input);
  say('everyday queries');
  const found = Object.fromEntries(
    Object.entries(paths).map(([query, hits]) => [query, hits.map((path) => basename(path))]),
  );
  const queries = judged(found, await readJudgements());
  return { section: querySection(queries), table: queryTable(queries) };
}

async function onPhotos(
  folder: string,
  { quick, limit }: BenchmarkOptions,
  say: Say,
): Promise<{ sections: Section[]; retrieval: Evaluation }> {
  const dataset = await devDataset(folder, quick ? QUICK.photos : limit);
  const captioned = { dataset, images: join(DEV, 'images'), split: 'val' };
  const retrieval = await measure('retrieval', { ...captioned, rerank: RERANK_DEPTH });
  say('retrieval and reranking on the development photos');
  const sections = [retrievalSection('Development photos', retrieval, DEV_TARGETS)];
  const checkpoint = await checkpointOf(EMBEDDED_MODEL);
  if (checkpoint !== undefined) {
    const tokenizer = join(EMBEDDED_MODEL, 'tokenizer.spm');
    const drift = await measure('drift', { ...captioned, checkpoint, tokenizer, precision: 'fp32' });
    say('drift from fp32');
    sections.push(driftSection(drift));
  }
  const zeroShot = {
    file: await zeroShotFile(folder, quick ? QUICK.classes : undefined),
    images: join(CLASSES, 'images'),
  };
  sections.push(zeroShotSection(await measure('zeroShot', zeroShot)));
  say('zero-shot classes');
  return { sections, retrieval };
}

export const qualityBenchmark: Benchmark = {
  name: 'quality',
  sentence: 'what the embedded model finds, reads and confuses, with intervals',

  async run(options, say) {
    const { quick } = options;
    await using place = await temporaryFolder();
    const folder = async (name: string): Promise<string> => {
      await mkdir(join(place.path, name));
      return join(place.path, name);
    };
    const sections: Section[] = [];
    const tables: TextTable[] = [];
    const plots: Plot[] = [];
    const log = await devMeasurements();
    if (existsSync(DEV)) {
      const photos = await onPhotos(place.path, options, say);
      sections.push(...photos.sections);
      plots.push(recallPlot(photos.retrieval, log.at(-1)), rerankPlot(photos.retrieval));
      if (!quick) {
        const { section, table } = await everyday(say);
        sections.push(section);
        tables.push(table);
      }
    } else say('The development photos are not there; only drawn scenes are measured.');

    const demo = await folder('demo');
    const scenes = await demoDataset(demo, quick ? QUICK.scenes : undefined);
    const drawn = { dataset: scenes, images: demo, split: 'val', rerank: RERANK_DEPTH };
    sections.push(retrievalSection('Demo scenes', await measure('retrieval', drawn), DEMO_TARGETS));
    say('demo scenes');

    const { drawProbes } = await import('../data/demo/mod.js');
    const probes = await folder('probes');
    await drawProbes(probes, quick ? { count: QUICK.probes } : {});
    sections.push(probeSection(await measure('probes', { folder: probes })));
    say('composition probes');

    if (log.length > 0) {
      sections.push(yardstickSection(log));
      plots.push(trainingPlot(log));
    }
    return { sections, tables, plots, notes: NOTES };
  },
};

const NOTES: readonly string[] = [
  'Brackets are 95 % intervals: captions of one photo are drawn together. Development photos serve to choose a model; final figures belong on photos that nobody chose by.',
  `Retrieval by the standard protocol over all photos and captions. Reranking: the best ${RERANK_DEPTH} put in the order of the model’s own scorer, combined with the similarity where the bundle knows how. That was fitted on every other photo (three numbers); on the others alone: sightline eval --fit.`,
  'Zero-shot: every fifth class of one photo a class. The recipe holds these photos out; the first model (beit3-nano) had seen all of them with their names, so its figure is none of generalisation.',
  'Yardstick: the teacher’s own features, placed by canonical correlation, against the model’s texts, measured by the recipe while training: what the picture side would reach if it saw as well as its teacher.',
  'Everyday queries were judged by looking at the photos: does one who asks this want to see it? bench/judgements keeps the answers; a photo that nobody has looked at yet counts neither way.',
];
