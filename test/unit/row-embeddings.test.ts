import { describe, expect, it } from 'vitest';
import type { Tensors, WireTensor } from '#src/encoder/runtime/messages.js';
import { tokenBatch } from '#src/encoder/token-batch.js';
import { GraphTrial, largestDifference } from '../support/goldens.js';
import { smallCheckpoint } from '../support/small-checkpoint.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const SIZE = 32;
const WIDTH = 64;
const PATCHES = 4;
const PAD = 1;

const pixels: WireTensor = {
  type: 'uint8',
  dims: [2, SIZE, SIZE, 3],
  data: Uint8Array.from({ length: 2 * SIZE * SIZE * 3 }, (_, i) => (i * 37) % 251),
};
const floats = (outputs: Tensors, name: string): Float32Array => outputs[name]?.data as Float32Array;

describe('embeddings of every row', () => {
  it('the first row is the embedding, and every row has length 1', async () => {
    await using trial = await GraphTrial.of(smallCheckpoint('retrieval', temporaryFolder()), {
      graphs: ['image', 'text', 'image-rows', 'text-rows'],
      pixelInput: 'uint8',
    });
    const texts = tokenBatch(
      [
        [0, 50, 60, 70, 2],
        [0, 80, 2],
      ],
      PAD,
    );
    for (const [whole, rows, feeds, count] of [
      ['image', 'image-rows', { pixels }, PATCHES + 1],
      ['text', 'text-rows', texts, 5],
    ] as const) {
      const embedding = floats(await trial.run(whole, feeds), 'embedding');
      const outputs = await trial.run(rows, feeds);
      expect(outputs['row_embeddings']?.dims).toEqual([2, count, WIDTH]);
      const all = floats(outputs, 'row_embeddings');
      for (const item of [0, 1]) {
        const first = all.subarray(item * count * WIDTH, (item * count + 1) * WIDTH);
        const own = embedding.subarray(item * WIDTH, (item + 1) * WIDTH);
        expect(largestDifference(first, own)).toBeLessThan(1e-5);
      }
      for (let row = 0; row < 2 * count; row++)
        expect(Math.hypot(...all.subarray(row * WIDTH, (row + 1) * WIDTH))).toBeCloseTo(1, 4);
    }
  });
});
