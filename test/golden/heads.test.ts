import { describe, expect, it } from 'vitest';
import type { GraphName } from '#src/encoder/beit3/abilities.js';
import { GoldenFile, GraphTrial, largestDifference, type TrialOptions } from '../support/goldens.js';
import { lacksShared, sharedPath } from '../support/shared-material.js';

/** float32 against float64 differs by 4.1e-6 on these logits; GELU by tanh would by 1.4e-3. */
const TOLERANCE = 3e-5;

const checkpoint = (name: string): string => sharedPath(`goldens/checkpoints/${name}.pth`);
const goldens = (name: string): string => sharedPath(`goldens/goldens/${name}.safetensors`);

/** Values of the rows that are not padding; rows of `width`, padding marked by 1 for each row. */
function realRows(values: ArrayLike<number>, padding: ArrayLike<number>, width: number): number[] {
  return Array.from(values).filter((_, i) => padding[Math.floor(i / width)] === 0);
}

/** A checkpoint's graphs beside the golden file of its family. */
async function family(
  name: string,
  graphs: readonly GraphName[],
  options: Partial<TrialOptions> & { readonly file?: string } = {},
): Promise<Family> {
  const { file = name, ...others } = options;
  return new Family(
    await GraphTrial.of(checkpoint(name), { graphs, maskToken: 120, ...others }),
    await GoldenFile.open(goldens(file)),
  );
}

class Family implements AsyncDisposable {
  readonly trial: GraphTrial;
  readonly golden: GoldenFile;

  constructor(trial: GraphTrial, golden: GoldenFile) {
    this.trial = trial;
    this.golden = golden;
  }

  async difference(graph: GraphName, name: string, output: string, expected = 'logits'): Promise<number> {
    const { golden } = this;
    const pixels = golden.has(`${name}/image`) ? { pixels: await golden.pixels(`${name}/image`) } : {};
    const sides = golden.has(`${name}/image_a`)
      ? {
          pixels_left: await golden.pixels(`${name}/image_a`),
          pixels_right: await golden.pixels(`${name}/image_b`),
        }
      : {};
    const text = golden.has(`${name}/text_ids`)
      ? await golden.text(`${name}/text_ids`, `${name}/padding_mask`)
      : {};
    const outputs = await this.trial.run(graph, { ...pixels, ...sides, ...text });
    const actual = outputs[output]?.data as Float32Array;
    const wanted = await golden.values(`${name}/${expected}`);
    const [, second = 0, third] = golden.shape(`${name}/${expected}`);
    // Logits of words have a row for each token, and those of padding mean nothing.
    if (third === undefined || !('attention_mask' in text)) return largestDifference(actual, wanted);
    expect(outputs[output]?.dims[1]).toBe(second);
    const padding = Array.from(await golden.int64(`${name}/padding_mask`), Number);
    return largestDifference(realRows(actual, padding, third), realRows(wanted, padding, third));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.trial[Symbol.asyncDispose]();
    await this.golden.close();
  }
}

const FAMILIES = [
  ['vqa', 'fused', 'answer_logits', ['b1', 'b3_padded', 'b2_pad64']],
  ['nlvr2', 'nlvr2', 'nlvr2_logits', ['b1', 'b3_padded']],
  ['imageclassification', 'class', 'class_logits', ['b1', 'b4']],
  ['captioning', 'caption', 'caption_logits', ['b1', 'b3_masked']],
] as const;

describe.skipIf(lacksShared('goldens/checkpoints/vqa.pth'))('heads against the official code', () => {
  it.each(FAMILIES)('%s', async (name, graph, output, cases) => {
    await using run = await family(name, [graph]);
    for (const one of cases) {
      expect(await run.difference(graph, one, output)).toBeLessThan(TOLERANCE);
    }
  });

  it.each(FAMILIES)('%s gives the same beside its hidden states', async (name, graph, output, cases) => {
    await using run = await family(name, [graph], { hiddenStates: true });
    for (const one of cases) expect(await run.difference(graph, one, output)).toBeLessThan(TOLERANCE);
  });

  it.each(FAMILIES)('%s stays near at fp16', async (name, graph, output, [one]) => {
    await using run = await family(name, [graph], { precision: 'fp16' });
    expect(await run.difference(graph, one, output)).toBeLessThan(0.05);
  });

  it.each([
    ['imageclassification', 'class', 'class_logits', [0.485, 0.456, 0.406], [0.229, 0.224, 0.225]],
    ['pretrained', 'mim', 'mim_logits', [0.5, 0.5, 0.5], [0.5, 0.5, 0.5]],
  ] as const)('%s: bytes scaled in the graph equal floats scaled before it', async (...row) => {
    const [name, graph, output, mean, std] = row;
    await using byBytes = await GraphTrial.of(checkpoint(name), { graphs: [graph], pixelInput: 'uint8' });
    await using byFloats = await GraphTrial.of(checkpoint(name), { graphs: [graph] });
    const dims = [1, 32, 32, 3];
    const bytes = Uint8Array.from({ length: 32 * 32 * 3 }, (_, i) => (i * 7919) % 256);
    const floats = Float32Array.from(bytes, (value, i) => (value / 255 - mean[i % 3]!) / std[i % 3]!);
    const marked = BigInt64Array.from({ length: 16 }, (_, i) => BigInt(i % 3 === 0));
    const others =
      graph === 'mim' ? { masked_patches: { type: 'int64', dims: [1, 16], data: marked } as const } : {};
    const fromBytes = await byBytes.run(graph, { pixels: { type: 'uint8', dims, data: bytes }, ...others });
    const fromFloats = await byFloats.run(graph, {
      pixels: { type: 'float32', dims, data: floats },
      ...others,
    });
    const [own, wanted] = [fromBytes, fromFloats].map((tensors) => tensors[output]?.data as Float32Array);
    expect(largestDifference(own ?? [], wanted ?? [])).toBeLessThan(TOLERANCE);
  });

  it('imageclassification, from a file without a text side', async () => {
    await using run = await family('imageclassification_vision_only', ['class'], {
      file: 'imageclassification',
    });
    for (const one of ['b1', 'b4'])
      expect(await run.difference('class', one, 'class_logits')).toBeLessThan(TOLERANCE);
  });

  it('pretrained: words with and without a picture', async () => {
    await using run = await family('pretrained', ['mlm', 'mlm-text']);
    const fused = await run.difference('mlm', 'mlm_fused_b2', 'mlm_logits', 'mlm_logits');
    const text = await run.difference('mlm-text', 'mlm_text_b2', 'mlm_logits', 'mlm_logits');
    expect(Math.max(fused, text)).toBeLessThan(TOLERANCE);
  });

  it('pretrained: hidden patches', async () => {
    await using run = await family('pretrained', ['mim']);
    const { golden, trial } = run;
    const outputs = await trial.run('mim', {
      pixels: await golden.pixels('mim_image_b2/image'),
      masked_patches: await golden.integers('mim_image_b2/vision_masked_position'),
    });
    const wanted = await golden.values('mim_image_b2/mim_logits');
    const difference = largestDifference(outputs['mim_logits']?.data as Float32Array, wanted);
    expect(difference).toBeLessThan(TOLERANCE);
  });
});

describe.skipIf(lacksShared('goldens/goldens/layers.safetensors'))('hidden states', () => {
  it.each([
    ['retrieval', 'image', 'retrieval_image_b1'],
    ['retrieval', 'text', 'retrieval_text_b4'],
    ['vqa', 'fused', 'vqa_fused_b2'],
  ] as const)('%s: every layer and the last attention of %s', async (name, graph, one) => {
    await using trial = await GraphTrial.of(checkpoint(name), { graphs: [graph], hiddenStates: true });
    const golden = await GoldenFile.open(goldens('layers'));
    const pixels = graph === 'text' ? {} : { pixels: await golden.pixels(`${one}/image`) };
    const text = graph === 'image' ? {} : await golden.text(`${one}/text_ids`, `${one}/padding_mask`);
    const outputs = await trial.run(graph, { ...pixels, ...text });
    const [batch = 0, rows = 0, width = 0] = golden.shape(`${one}/hidden_0`);
    const textPadding =
      graph === 'image' ? [] : Array.from(await golden.int64(`${one}/padding_mask`), Number);
    const texts = textPadding.length / batch;
    const padding = Array.from({ length: batch * rows }, (_, i) => {
      const place = (i % rows) - (rows - texts);
      return place < 0 ? 0 : (textPadding[Math.floor(i / rows) * texts + place] ?? 0);
    });
    for (let layer = 0; layer <= 3; layer++) {
      const actual = outputs[`hidden_${layer}`]?.data as Float32Array;
      const wanted = await golden.values(`${one}/hidden_${layer}`);
      const difference = largestDifference(
        realRows(actual, padding, width),
        realRows(wanted, padding, width),
      );
      expect(difference).toBeLessThan(TOLERANCE);
    }
    const heads = 4;
    const perQuery = Array.from({ length: batch * heads * rows }, (_, i) => {
      return padding[Math.floor(i / (heads * rows)) * rows + (i % rows)] ?? 0;
    });
    const actual = outputs['attention_last']?.data as Float32Array;
    const wanted = await golden.values(`${one}/attn_probs_2`);
    expect(
      largestDifference(realRows(actual, perQuery, rows), realRows(wanted, perQuery, rows)),
    ).toBeLessThan(1e-5);
    if (graph === 'fused') {
      const logits = outputs['answer_logits']?.data as Float32Array;
      expect(largestDifference(logits, await golden.values(`${one}/logits`))).toBeLessThan(TOLERANCE);
    }
    await golden.close();
  });
});
