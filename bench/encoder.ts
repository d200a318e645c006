/** A model of the released base size, with random weights: what importing it costs, and what each precision gains. */
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Precision } from '../src/encoder/mod.js';
import { loadTokenizer, type Tokenizer } from '../src/encoder/tokenizer/tokenizer.js';
import type { Benchmark } from './benchmark.js';
import { BASE, LARGE, type ModelSize, writeRandomCheckpoint } from './random-checkpoint.js';
import { IMAGE_SIZE, largestVocabulary, type Vocabulary } from './random-model.js';
import { figure, type Section } from './report.js';
import { temporaryFolder } from './temporary-folder.js';
import { runTrial } from './trial.js';
import type { CaptionSpeed, CaptionSpeedTrial } from './trials/caption-speed.js';
import type { EncoderSpeed, EncoderSpeedTrial } from './trials/encoder-speed.js';
import type { ImportTrial } from './trials/import.js';

const ROUNDS = 5;
const TEXT_TOKENS = 16;
const CAPTIONS = 32;
interface Place extends Vocabulary {
  readonly folder: string;
}

/** A text of exactly so many tokens, `<s>` and `</s>` included. */
function textOfLength(tokenizer: Tokenizer, tokens: number): string {
  let text = 'a';
  while (tokenizer.tokenize(text, 64).ids.length < tokens) text += ' a';
  return text;
}

async function importSection(
  name: string,
  size: ModelSize,
  { folder, tokenizer, vocabulary }: Place,
  targets: { readonly seconds: string; readonly memory: string },
  keep: boolean,
): Promise<Section> {
  const checkpoint = join(folder, `${name}.pth`);
  const parameters = await writeRandomCheckpoint(checkpoint, {
    size,
    vocabulary,
    imageSize: IMAGE_SIZE,
    family: 'retrieval',
  });
  const figures = [figure('parameters', 'M', [parameters / 1e6])];
  for (const precision of ['fp32', 'int8'] as const) {
    const bundle = join(folder, `${name}-${precision}`);
    const done = await runTrial<ImportTrial>('import', { checkpoint, tokenizer, folder: bundle, precision });
    const target = precision === 'fp32' ? targets.seconds : `twice ${targets.seconds}`;
    figures.push(
      figure(`${precision}: time`, 's', [done.seconds], target),
      figure(`${precision}: memory, peak`, 'MiB', [done.peakMemory], targets.memory),
      figure(`${precision}: weights`, 'MB', [done.megabytes]),
    );
    if (!keep) await rm(bundle, { recursive: true });
  }
  await rm(checkpoint);
  return { title: `Import of ${name}, 224 px, random weights`, figures };
}

function speedSection(speeds: Readonly<Record<Precision, readonly EncoderSpeed[]>>): Section {
  const rows = [
    ['picture, one by one', 'image1', '≥ 2.7'],
    ['picture, by eight', 'image8', '≥ 2.7'],
    [`text of ${TEXT_TOKENS} tokens`, 'text', '≥ 2.2'],
  ] as const;
  const figures = rows.flatMap(([what, key, target]) => {
    const of = (precision: Precision): number[] => speeds[precision].map((speed) => speed[key]);
    const ratios = of('fp32').map((full, round) => full / (of('int8')[round] as number));
    return [
      figure(`${what}, fp32`, 'ms', of('fp32')),
      figure(`${what}, int8`, 'ms', of('int8')),
      figure(`${what}, fp32 ÷ int8`, 'ratio', ratios, target),
    ];
  });
  const memory = (['fp32', 'int8'] as const).map((precision) =>
    figure(
      `memory, peak, ${precision}`,
      'MiB',
      speeds[precision].map(({ peakMemory }) => peakMemory),
    ),
  );
  return { title: 'Base, 224 px: both towers', figures: [...figures, ...memory] };
}

/** Many captions against one picture: all of it again for each, or the picture once and only the texts again. */
async function captionSection({ folder, tokenizer, vocabulary }: Place, rounds: number): Promise<Section> {
  const checkpoint = join(folder, 'captioning.pth');
  await writeRandomCheckpoint(checkpoint, {
    size: BASE,
    vocabulary,
    imageSize: IMAGE_SIZE,
    family: 'captioning',
  });
  const bundle = join(folder, 'captioning');
  await runTrial<ImportTrial>('import', { checkpoint, tokenizer, folder: bundle, precision: 'fp32' });
  await rm(checkpoint);
  const results: CaptionSpeed[] = [];
  for (let round = 0; round < rounds; round++) {
    const input = { folder: bundle, captions: CAPTIONS, tokens: TEXT_TOKENS };
    results.push(await runTrial<CaptionSpeedTrial>('caption-speed', input));
  }
  return {
    title: `Base, ${IMAGE_SIZE} px, fp32: ${CAPTIONS} captions of ${TEXT_TOKENS} tokens against one picture`,
    figures: [
      figure(
        'logits, picture and text in one pass for each',
        'ms',
        results.map(({ full }) => full),
      ),
      figure(
        'probabilities, the picture again for each',
        'ms',
        results.map(({ again }) => again),
      ),
      figure(
        'probabilities, the picture once',
        'ms',
        results.map(({ cached }) => cached),
      ),
      figure(
        'picture again ÷ picture once',
        'ratio',
        results.map(({ again, cached }) => again / cached),
        '≥ 6',
      ),
      figure(
        'logits in one pass for each ÷ picture once',
        'ratio',
        results.map(({ full, cached }) => full / cached),
      ),
    ],
  };
}

export const encoderBenchmark: Benchmark = {
  name: 'encoder',
  sentence: 'importing models of the released sizes, and what each precision gains',

  async run({ trials, quick }, say) {
    await using place = await temporaryFolder();
    const words = await largestVocabulary();
    const loaded = await loadTokenizer(words.tokenizer);
    const where = { folder: place.path, ...words };

    say('importing base');
    const sections = [await importSection('base', BASE, where, { seconds: '≤ 25', memory: '≤ 700' }, true)];
    const speeds: Record<Precision, EncoderSpeed[]> = { fp32: [], fp16: [], int8: [] };
    const rounds = trials ?? (quick ? 1 : ROUNDS);
    for (let round = 0; round < rounds; round++) {
      for (const precision of ['fp32', 'int8'] as const) {
        const folder = join(place.path, `base-${precision}`);
        const input = { folder, text: textOfLength(loaded, TEXT_TOKENS), repetitions: quick ? 2 : 12 };
        speeds[precision].push(await runTrial<EncoderSpeedTrial>('encoder-speed', input));
      }
      say(`round ${round + 1} of ${rounds}`);
    }
    sections.push(speedSection(speeds));
    say('scoring captions');
    sections.push(await captionSection(where, rounds));
    if (!quick) {
      say('importing large');
      sections.push(await importSection('large', LARGE, where, { seconds: '≤ 90', memory: '≤ 900' }, false));
    }
    return {
      sections,
      notes: [
        'The .pth files are written by the benchmark; each import and each measurement of speed is a process of its own.',
        'fp32 and int8 take turns; a ratio is taken within a round. Milliseconds include the way to the worker and back.',
      ],
    };
  },
};
