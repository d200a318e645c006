import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { logSoftmax } from '#src/encoder/caption/beam-search.js';
import type { Tensors, WireTensor } from '#src/encoder/runtime/messages.js';
import { GoldenFile, GraphTrial, largestDifference } from '../support/goldens.js';
import { lacksShared, sharedPath } from '../support/shared-material.js';

const TOLERANCE = 3e-5;
const [START, PADDING, END, MASK] = [0, 1, 2, 120];

/** Words of captions of several lengths, the empty one among them. */
const CAPTIONS: readonly (readonly number[])[] = [
  [7, 7, 58],
  [35, 19, 101, 19, 44, 8, 90],
  [],
  [55],
  [122, 19, 35, 35, 55],
];

const int64 = (rows: readonly (readonly number[])[]): WireTensor => ({
  type: 'int64',
  dims: [rows.length, rows[0]?.length ?? 0],
  data: BigInt64Array.from(rows.flat(), BigInt),
});

/** As the tokenizer gives them, padded to `length`. */
function batch(captions: readonly (readonly number[])[], length: number): Tensors {
  const rows = captions.map((words) => [START, ...words, END]);
  const padded = (row: readonly number[], fill: number): number[] =>
    Array.from({ length }, (_, i) => row[i] ?? fill);
  return {
    input_ids: int64(rows.map((row) => padded(row, PADDING))),
    attention_mask: int64(
      rows.map((row) =>
        padded(
          row.map(() => 1),
          0,
        ),
      ),
    ),
  };
}

const data = (tensors: Tensors, name: string): Float32Array => tensors[name]?.data as Float32Array;

describe.skipIf(lacksShared('goldens/goldens/captioning.safetensors'))('scoring captions in one pass', () => {
  let trial: GraphTrial;
  let golden: GoldenFile;
  let pixels: WireTensor;
  let images: Tensors;

  beforeAll(async () => {
    trial = await GraphTrial.of(sharedPath('goldens/checkpoints/captioning.pth'), {
      graphs: ['caption', 'caption-prefill', 'caption-image', 'caption-score'],
      maskToken: MASK,
    });
    golden = await GoldenFile.open(sharedPath('goldens/goldens/captioning.safetensors'));
    pixels = await golden.pixels('greedy_loop_b2/image');
    images = await trial.run('caption-image', { pixels });
  });
  afterAll(async () => {
    await trial[Symbol.asyncDispose]();
    await golden.close();
  });

  /** One row of a [N, …] tensor. */
  function row({ type, dims, data: all }: WireTensor, place: number): WireTensor {
    const [count = 1, ...inner] = dims;
    const size = all.length / count;
    return { type, dims: [1, ...inner], data: all.slice(place * size, (place + 1) * size) };
  }

  const storeOf = (place: number): Tensors => ({
    context_keys: row(images['context_keys'] as WireTensor, place),
    context_values: row(images['context_values'] as WireTensor, place),
    first_log_probs: row(images['first_log_probs'] as WireTensor, place),
  });

  /** One full pass for each word: what the one pass must equal. */
  async function stepByStep(place: number, words: readonly number[]): Promise<number[]> {
    const logProbs: number[] = [];
    for (const [step, word] of [...words, END].entries()) {
      const ids = [START, ...words.slice(0, step), MASK];
      const outputs = await trial.run('caption', {
        pixels: row(pixels, place),
        input_ids: int64([ids]),
        attention_mask: int64([ids.map(() => 1)]),
      });
      const logits = data(outputs, 'caption_logits').slice(-128);
      logProbs.push(logSoftmax(logits)[word] as number);
    }
    return logProbs;
  }

  it('equals one full pass a word, for a padded batch on one picture', async () => {
    const longest = Math.max(...CAPTIONS.map((words) => words.length + 2));
    const outputs = await trial.run('caption-score', { ...storeOf(0), ...batch(CAPTIONS, longest) });
    const logProbs = data(outputs, 'token_log_probs');
    expect(outputs['token_log_probs']?.dims).toEqual([CAPTIONS.length, longest - 1]);
    for (const [place, words] of CAPTIONS.entries()) {
      const own = logProbs.subarray(place * (longest - 1), (place + 1) * (longest - 1));
      const wanted = await stepByStep(0, words);
      expect(largestDifference(own.subarray(0, wanted.length), wanted)).toBeLessThan(TOLERANCE);
      expect([...own.subarray(wanted.length)].every((value) => value === 0)).toBe(true);
    }
  });

  it('takes a picture for each text, too, and does not mind the padding', async () => {
    const two = CAPTIONS.slice(0, 2);
    const feeds = { ...images, ...batch(two, 14) };
    const logProbs = data(await trial.run('caption-score', feeds), 'token_log_probs');
    for (const [place, words] of two.entries()) {
      const wanted = await stepByStep(place, words);
      const own = logProbs.subarray(place * 13, place * 13 + wanted.length);
      expect(largestDifference(own, wanted)).toBeLessThan(TOLERANCE);
    }
  });

  it('gives the official log-probabilities of the greedy loop', async () => {
    const index = await readFile(sharedPath('goldens/goldens/index.json'), 'utf8');
    const { sequences, token_logprobs } = (
      JSON.parse(index) as { case: string; sequences: number[][]; token_logprobs: number[][] }[]
    ).find((one) => one.case === 'greedy_loop_b2') as { sequences: number[][]; token_logprobs: number[][] };
    for (const [place, sequence] of sequences.entries()) {
      const feeds = { ...storeOf(place), ...batch([sequence.slice(1, -1)], sequence.length) };
      const logProbs = data(await trial.run('caption-score', feeds), 'token_log_probs');
      expect(largestDifference(logProbs, token_logprobs[place] ?? [])).toBeLessThan(TOLERANCE);
    }
  });

  it('scores a batch of empty captions', async () => {
    const outputs = await trial.run('caption-score', { ...storeOf(0), ...batch([[], []], 2) });
    expect(outputs['token_log_probs']?.dims).toEqual([2, 1]);
    const [wanted = NaN] = await stepByStep(0, []);
    expect(largestDifference(data(outputs, 'token_log_probs'), [wanted, wanted])).toBeLessThan(TOLERANCE);
  });

  it('holds the keys and values of the prefill: of the picture, and of <s>', async () => {
    const input_ids = int64([
      [START, MASK],
      [START, MASK],
    ]);
    const prefill = await trial.run('caption-prefill', { pixels, input_ids });
    const [count = 0, layers = 0, rows = 0, width = 0] = images['context_keys']?.dims ?? [];
    for (const part of ['keys', 'values']) {
      const context = data(images, `context_${part}`);
      for (let block = 0; block < count * layers; block++) {
        const joint = context.subarray(block * rows * width, (block + 1) * rows * width);
        const border = (rows - 1) * width;
        const picture = data(prefill, `image_${part}`).subarray(block * border, (block + 1) * border);
        const start = data(prefill, `text_${part}`).subarray(block * width, (block + 1) * width);
        expect(largestDifference(joint.subarray(0, border), picture)).toBeLessThan(TOLERANCE);
        expect(largestDifference(joint.subarray(border), start)).toBeLessThan(TOLERANCE);
      }
    }
  });
});
