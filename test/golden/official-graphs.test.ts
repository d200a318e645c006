import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Checkpoint } from '#src/encoder/checkpoint/checkpoint.js';
import { GoldenFile, GraphTrial, largestDifference } from '../support/goldens.js';
import { lacksShared, sharedPath } from '../support/shared-material.js';

/** float32 against float64 differs by 2.4e-7 on these embeddings; LayerNorm eps 1e-6 would by 7.9e-6. */
const TOLERANCE = 2e-6;

const fixture = (name: string): string =>
  fileURLToPath(new URL(`../fixtures/goldens/${name}`, import.meta.url));

async function imageDifference(trial: GraphTrial, golden: GoldenFile, name: string): Promise<number> {
  const { embedding } = await trial.run('image', { pixels: await golden.pixels(`${name}/image`) });
  return largestDifference(embedding?.data as Float32Array, await golden.values(`${name}/image_embedding`));
}

async function textDifference(trial: GraphTrial, golden: GoldenFile, name: string): Promise<number> {
  const feeds = await golden.text(`${name}/text_ids`, `${name}/padding_mask`);
  const { embedding } = await trial.run('text', feeds);
  return largestDifference(embedding?.data as Float32Array, await golden.values(`${name}/text_embedding`));
}

describe('the dual encoder against the official code', () => {
  let trial: GraphTrial;
  let golden: GoldenFile;

  beforeAll(async () => {
    trial = await GraphTrial.of(fixture('retrieval.pth'), { graphs: ['image', 'text'] });
    golden = await GoldenFile.open(fixture('retrieval.safetensors'));
  });
  afterAll(async () => {
    await trial[Symbol.asyncDispose]();
    await golden.close();
  });

  it.each(['image_b1', 'image_b3', 'image_b5_saturated', 'both_b3'])('%s: image embeddings', async (name) => {
    expect(await imageDifference(trial, golden, name)).toBeLessThan(TOLERANCE);
  });

  it.each([
    'text_b1_len9',
    'text_b1_len2',
    'text_b4_mixed',
    'text_b3_pad64',
    'text_b1_len200',
    'text_b4_mixed_nomask',
    'text_row1_alone',
    'both_b3',
  ])('%s: text embeddings', async (name) => {
    expect(await textDifference(trial, golden, name)).toBeLessThan(TOLERANCE);
  });

  it('would notice a mask that is not applied', async () => {
    const feeds = await golden.text('text_b4_mixed/text_ids', 'text_b4_mixed_nomask/padding_mask');
    const { embedding } = await trial.run('text', feeds);
    const expected = await golden.values('text_b4_mixed/text_embedding');
    expect(largestDifference(embedding?.data as Float32Array, expected)).toBeGreaterThan(100 * TOLERANCE);
  });
});

describe.skipIf(lacksShared('goldens/goldens/retrieval_variants.safetensors'))(
  'variants of the checkpoint',
  () => {
    const checkpoint = (name: string): string => sharedPath(`goldens/checkpoints/${name}.pth`);
    let golden: GoldenFile;

    beforeAll(async () => {
      golden = await GoldenFile.open(sharedPath('goldens/goldens/retrieval_variants.safetensors'));
    });
    afterAll(() => golden.close());

    it.each(['fp16', 'bf16'])('weights stored as %s', async (type) => {
      await using trial = await GraphTrial.of(checkpoint(`retrieval_${type}`), { graphs: ['image', 'text'] });
      expect(await imageDifference(trial, golden, `${type}_image_b1`)).toBeLessThan(TOLERANCE);
      expect(await textDifference(trial, golden, `${type}_text_b4`)).toBeLessThan(TOLERANCE);
    });

    it('the eps probe: inputs so small that 1e-5 under the root decides', async () => {
      const probe = (of: Checkpoint): Checkpoint => ({
        ...of,
        tensors: of.tensors,
        readFloat32: async (name) => {
          const values = await of.readFloat32(name);
          const small = /^beit3\.(text_embed|vision_embed|encoder\.embed_positions)/.test(name);
          return small ? values.map((value) => value * 0.003) : values;
        },
      });
      await using trial = await GraphTrial.of(checkpoint('retrieval'), {
        graphs: ['image', 'text'],
        change: probe,
      });
      expect(await imageDifference(trial, golden, 'eps_image_b1')).toBeLessThan(10 * TOLERANCE);
      expect(await textDifference(trial, golden, 'eps_text_b1')).toBeLessThan(10 * TOLERANCE);
    });

    it.each(['retrieval_bare', 'retrieval_legacy', 'retrieval_training', 'retrieval_views'])(
      '%s',
      async (name) => {
        const first = await GoldenFile.open(fixture('retrieval.safetensors'));
        await using trial = await GraphTrial.of(checkpoint(name), { graphs: ['image'] });
        expect(await imageDifference(trial, first, 'image_b3')).toBeLessThan(TOLERANCE);
        await first.close();
      },
    );
  },
);
