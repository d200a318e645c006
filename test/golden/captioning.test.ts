import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  beamSearch,
  type BeamSearchResult,
  type Continuation,
  logSoftmax,
} from '#src/encoder/caption/beam-search.js';
import { CachedPredictor } from '#src/encoder/caption/cached-predictor.js';
import type { Tensors, WireTensor } from '#src/encoder/runtime/messages.js';
import { GoldenFile, GraphTrial, largestDifference } from '../support/goldens.js';
import { lacksShared, sharedPath } from '../support/shared-material.js';

/** float32 against float64 differs by 4.1e-6 on these logits. */
const TOLERANCE = 3e-5;
const [START, END, MASK, PADDING] = [0, 2, 120, 1];

interface Decoding {
  readonly case: string;
  readonly file: string;
  readonly num_beams: number;
  readonly max_len: number;
  readonly length_penalty: number;
  readonly decoded_rows: readonly (readonly number[])[];
  readonly tokens_after_removing_special: readonly (readonly number[])[];
  readonly hypotheses: readonly { readonly ids: number[]; readonly sum_logprob: number; score: number }[];
  readonly sequences: readonly (readonly number[])[];
  readonly token_logprobs: readonly (readonly number[])[];
}

/** One picture of a batch, by its place. */
function oneOf({ type, dims, data }: WireTensor, place: number): WireTensor {
  const [count = 1, ...inner] = dims;
  const size = data.length / count;
  return { type, dims: [1, ...inner], data: data.slice(place * size, (place + 1) * size) };
}

const int64 = (rows: readonly (readonly number[])[]): WireTensor => ({
  type: 'int64',
  dims: [rows.length, rows[0]?.length ?? 0],
  data: BigInt64Array.from(rows.flat(), BigInt),
});

const values = (tensors: Tensors, name: string): Float32Array => tensors[name]?.data as Float32Array;

describe.skipIf(lacksShared('goldens/goldens/captioning.safetensors'))('captions', () => {
  let trial: GraphTrial;
  let golden: GoldenFile;
  let decodings: ReadonlyMap<string, Decoding>;
  const decoding = (name: string): Decoding => decodings.get(name) as Decoding;

  beforeAll(async () => {
    trial = await GraphTrial.of(sharedPath('goldens/checkpoints/captioning.pth'), {
      graphs: ['caption', 'caption-prefill', 'caption-step', 'caption-image', 'caption-score'],
      maskToken: MASK,
    });
    golden = await GoldenFile.open(sharedPath('goldens/goldens/captioning.safetensors'));
    const index = await readFile(sharedPath('goldens/goldens/index.json'), 'utf8');
    const all = JSON.parse(index) as Decoding[];
    decodings = new Map(all.filter(({ file }) => file.includes('captioning')).map((one) => [one.case, one]));
  });
  afterAll(async () => {
    await trial[Symbol.asyncDispose]();
    await golden.close();
  });

  function predictor(pixels: WireTensor): CachedPredictor {
    return new CachedPredictor({
      run: (graph, feeds) => trial.run(graph, feeds),
      pixels,
      startToken: START,
      maskToken: MASK,
    });
  }

  async function searched(name: string): Promise<BeamSearchResult[]> {
    const { num_beams, max_len, length_penalty, decoded_rows } = decoding(name);
    const images = await golden.pixels(`${name}/image`);
    const results: BeamSearchResult[] = [];
    for (const place of decoded_rows.keys()) {
      const options = { endToken: END, beams: num_beams, lengthPenalty: length_penalty, maxLength: max_len };
      results.push(await beamSearch({ predictor: predictor(oneOf(images, place)), ...options }));
    }
    return results;
  }

  const SEARCHES = ['greedy_b2', 'greedy_b3', 'beam2_b1_lp0', 'beam3_b2', 'beam3_b1_maxlen6'];

  it.each(SEARCHES)('%s: the official caption', async (name) => {
    const { decoded_rows, tokens_after_removing_special } = decoding(name);
    const results = await searched(name);
    const special = new Set([START, PADDING, END, MASK]);
    for (const [place, { best }] of results.entries()) {
      const row = [START, ...best.words, MASK, END];
      const wanted = decoded_rows[place] ?? [];
      const padding = Array.from({ length: wanted.length - row.length }, () => PADDING);
      expect([...row, ...padding]).toEqual(wanted);
      const words = best.words.filter((word) => !special.has(word));
      expect(words).toEqual(tokens_after_removing_special[place]);
    }
  });

  it.each(SEARCHES)('%s: every caption that was closed, with its sum and score', async (name) => {
    // The official code closes those of a batch step by step, so by their length; ours, picture by picture.
    const own = (await searched(name))
      .flatMap(({ closed }) => closed)
      .toSorted((a, b) => a.words.length - b.words.length);
    const { hypotheses } = decoding(name);
    expect(own.map(({ words }) => [START, ...words, MASK])).toEqual(hypotheses.map(({ ids }) => ids));
    const sums = own.map(({ logProbability }) => logProbability);
    const wanted = hypotheses.map(({ sum_logprob }) => sum_logprob);
    expect(largestDifference(sums, wanted)).toBeLessThan(TOLERANCE);
    const scores = own.map(({ score }) => score);
    expect(
      largestDifference(
        scores,
        hypotheses.map(({ score }) => score),
      ),
    ).toBeLessThan(TOLERANCE);
  });

  it.each(['greedy_b2', 'greedy_b3', 'beam3_b2', 'beam3_b1_maxlen6', 'beam2_b1_lp0'])(
    '%s: inputs and logits of every step',
    async (name) => {
      const { num_beams, max_len, length_penalty, decoded_rows } = decoding(name);
      const images = await golden.pixels(`${name}/image`);
      for (const place of decoded_rows.keys()) {
        const cached = predictor(oneOf(images, place));
        let step = 0;
        const compare = async (words: readonly number[], rows: readonly Float32Array[]): Promise<void> => {
          const key = `${name}/step${step++}`;
          if (!golden.has(`${key}_logits`)) return;
          const [, length = 0, vocabulary = 0] = golden.shape(`${key}_logits`);
          const ids = Array.from(await golden.int64(`${key}_input_ids`), Number);
          const logits = await golden.values(`${key}_logits`);
          // The official code's first step holds equal copies of one row.
          for (const [row, own] of rows.entries()) {
            const index = place * num_beams + row;
            expect(ids.slice(index * 2, index * 2 + 2)).toEqual([words[row], MASK]);
            const end = (index + 1) * length * vocabulary;
            expect(largestDifference(own, logits.subarray(end - vocabulary, end))).toBeLessThan(TOLERANCE);
          }
        };
        await beamSearch({
          endToken: END,
          beams: num_beams,
          lengthPenalty: length_penalty,
          maxLength: max_len,
          predictor: {
            start: async () => {
              const logits = await cached.start();
              await compare([START], [logits]);
              return logits;
            },
            next: async (rows: readonly Continuation[]) => {
              const logits = await cached.next(rows);
              await compare(
                rows.map(({ word }) => word),
                logits,
              );
              return logits;
            },
          },
        });
      }
    },
  );

  it('a full pass without a cache gives the logits of the cached steps', async () => {
    const images = await golden.pixels('greedy_b2/image');
    const pixels = oneOf(images, 1);
    const cached = predictor(pixels);
    const words: number[] = [];
    let logits = await cached.start();
    for (const word of [35, 19, 101, 19]) {
      const ids = int64([[START, ...words, MASK]]);
      const attention_mask = int64([[START, ...words, MASK].map(() => 1)]);
      const full = values(
        await trial.run('caption', { pixels, input_ids: ids, attention_mask }),
        'caption_logits',
      );
      expect(largestDifference(logits, full.subarray(-logits.length))).toBeLessThan(TOLERANCE);
      words.push(word);
      logits = (await cached.next([{ from: 0, word }]))[0] as Float32Array;
    }
  });

  it('the plain greedy loop', async () => {
    const { sequences, token_logprobs } = decoding('greedy_loop_b2');
    const images = await golden.pixels('greedy_loop_b2/image');
    for (const [place, sequence] of sequences.entries()) {
      const cached = predictor(oneOf(images, place));
      let logits = await cached.start();
      for (const [step, word] of sequence.slice(1).entries()) {
        const logProbs = logSoftmax(logits);
        expect(logProbs.indexOf(Math.max(...logProbs))).toBe(word);
        const wanted = token_logprobs[place]?.[step] ?? NaN;
        expect(Math.abs((logProbs[word] ?? NaN) - wanted)).toBeLessThan(TOLERANCE);
        if (word !== END) logits = (await cached.next([{ from: 0, word }]))[0] as Float32Array;
      }
    }
  });
});
