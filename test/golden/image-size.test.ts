import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { recogniseArchitecture } from '#src/encoder/beit3/recognition.js';
import { resizePositionRows } from '#src/encoder/beit3/position-rows.js';
import { openCheckpoint } from '#src/encoder/checkpoint/checkpoint.js';
import { GoldenFile, GraphTrial, largestDifference } from '../support/goldens.js';
import { lacksShared, sharedPath } from '../support/shared-material.js';

const EMBEDDING_TOLERANCE = 2e-6;
/** Sums of sixteen products in 32 bits (torch) against 64 (ours), on rows of size 1. */
const ROW_TOLERANCE = 2e-6;

describe.skipIf(lacksShared('goldens/goldens/interpolation.safetensors'))('another image size', () => {
  let golden: GoldenFile;
  beforeAll(async () => {
    golden = await GoldenFile.open(sharedPath('goldens/goldens/interpolation.safetensors'));
  });
  afterAll(() => golden.close());

  it.each([
    [4, 6],
    [4, 5],
    [4, 2],
    [4, 4],
    [6, 4],
    [14, 24],
    [14, 30],
    [14, 48],
  ])('position rows from %d to %d patches a side', async (from, to) => {
    const name = `${from}x${from}_to_${to}x${to}`;
    const [, width = 0] = golden.shape(`${name}/pos_before`);
    const resized = resizePositionRows(await golden.values(`${name}/pos_before`), width, from, to);
    const wanted = await golden.values(`${name}/pos_after`);
    expect(largestDifference(resized, wanted)).toBeLessThan(ROW_TOLERANCE);
  });

  it.each([48, 40, 16, 32])('embeddings of pictures of %d pixels', async (imageSize) => {
    const grid = imageSize / 8;
    const name = `4x4_to_${grid}x${grid}`;
    const path = sharedPath('goldens/checkpoints/retrieval.pth');
    await using trial = await GraphTrial.of(path, { graphs: ['image'], imageSize });
    const { embedding } = await trial.run('image', { pixels: await golden.pixels(`${name}/image`) });
    const wanted = await golden.values(`${name}/image_embedding`);
    expect(largestDifference(embedding?.data as Float32Array, wanted)).toBeLessThan(EMBEDDING_TOLERANCE);
  });

  it('must be a multiple of the patch', async () => {
    const file = await openCheckpoint(sharedPath('goldens/checkpoints/retrieval.pth'));
    await file.close();
    expect(() => recogniseArchitecture(file.tensors, { heads: 4, imageSize: 36 })).toThrow(
      expect.objectContaining({ code: 'ERR_CONFIG_INVALID' }),
    );
  });
});
