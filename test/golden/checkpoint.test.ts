import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Checkpoint, openCheckpoint } from '#src/encoder/checkpoint/checkpoint.js';
import { lacksShared, sharedPath } from '../support/shared-material.js';

const FOLDER = 'goldens/checkpoints';

interface Golden {
  readonly top_level: string | readonly string[];
  readonly tensors: Readonly<Record<string, readonly [dtype: string, shape: readonly number[]]>>;
}

const missing = lacksShared(FOLDER);
const goldens: Readonly<Record<string, Golden>> = missing
  ? {}
  : JSON.parse(readFileSync(sharedPath(`${FOLDER}/index.json`), 'utf8'));

const open = (name: string): Promise<Checkpoint> => openCheckpoint(sharedPath(`${FOLDER}/${name}`));

describe.skipIf(missing)('checkpoints that PyTorch wrote', () => {
  test.each(Object.entries(goldens))('%s has these tensors', async (name, golden) => {
    const checkpoint = await open(name);
    const found = [...checkpoint.tensors.values()].map((tensor) => [
      tensor.name,
      [tensor.dtype, tensor.shape],
    ]);
    await checkpoint.close();
    expect(found).toEqual(Object.entries(golden.tensors));
    expect(checkpoint.format).toBe(name.includes('legacy') ? 'torch-legacy' : 'torch-zip');
  });

  test('what is not weights is listed as skipped', async () => {
    const training = await open('retrieval_training.pth');
    expect(training.skipped).toEqual(['optimizer', 'epoch', 'scaler', 'args']);
    await training.close();
  });
});

const read = async (file: string): Promise<Map<string, Float32Array>> => {
  const checkpoint = await open(file);
  const tensors = new Map<string, Float32Array>();
  for (const name of checkpoint.tensors.keys()) tensors.set(name, await checkpoint.readFloat32(name));
  await checkpoint.close();
  return tensors;
};

describe.skipIf(missing)('the same weights in other files', () => {
  let reference: Map<string, Float32Array>;

  beforeAll(async () => {
    reference = await read('retrieval.pth');
  });
  afterAll(() => reference.clear());

  test.each(['bare', 'legacy', 'training', 'views'])('retrieval_%s.pth is equal', async (variant) => {
    const tensors = await read(`retrieval_${variant}.pth`);
    expect([...tensors.keys()].toSorted()).toEqual([...reference.keys()].toSorted());
    for (const [name, values] of reference) expect(tensors.get(name), name).toEqual(values);
  });

  test.each([
    ['fp16', 2 ** -11],
    ['bf16', 2 ** -8],
  ])('retrieval_%s.pth is equal to within its rounding', async (variant, step) => {
    for (const [name, values] of await read(`retrieval_${variant}.pth`)) {
      const exact = reference.get(name) as Float32Array;
      const worst = values.reduce((most, value, i) => {
        const expected = exact[i] as number;
        return Math.max(most, Math.abs(value - expected) / Math.max(Math.abs(expected), 2 ** -14));
      }, 0);
      expect(values.length, name).toBe(exact.length);
      expect(worst, name).toBeLessThanOrEqual(step);
    }
  });
});

describe.skipIf(lacksShared('goldens/goldens'))('safetensors', () => {
  test('holds unit embeddings and token ids', async () => {
    const checkpoint = await openCheckpoint(sharedPath('goldens/goldens/retrieval.safetensors'));
    expect(checkpoint.format).toBe('safetensors');
    const embedding = await checkpoint.readFloat32('text_b1_len2/text_embedding');
    expect(Math.hypot(...embedding)).toBeCloseTo(1, 6);
    const ids = await checkpoint.readBytes('text_b1_len2/text_ids');
    expect([...new BigInt64Array(ids.slice().buffer)]).toEqual([0n, 2n]);
    await checkpoint.close();
  });
});
