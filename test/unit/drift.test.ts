import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Bundle } from '#src/encoder/bundle.js';
import { pixelTensor } from '#src/encoder/dual-encoder.js';
import { importCheckpoint, type Precision } from '#src/encoder/mod.js';
import { runInPieces } from '#src/encoder/onnx/graph-pieces.js';
import { probePicture } from '#src/encoder/probe-material.js';
import { SessionHost } from '#src/encoder/runtime/session-host.js';
import { tokenBatch } from '#src/encoder/token-batch.js';
import { largestDifference } from '../support/goldens.js';
import { type Family, SMALL_TOKENIZER, smallCheckpoint } from '../support/small-checkpoint.js';
import { temporaryFolder } from '../support/temporary-folder.js';

function imported(family: Family, precision: Precision): Promise<Bundle> {
  return importCheckpoint({
    checkpoint: smallCheckpoint(family, temporaryFolder()),
    tokenizer: family === 'classes' ? undefined : SMALL_TOKENIZER,
    folder: join(temporaryFolder(), 'model'),
    name: 'small',
    precision,
  });
}

describe('the drift of a precision', () => {
  it.each([
    ['int8', 0.99],
    ['fp16', 0.999_99],
  ] as const)('%s: the angle to float32 of both towers', async (precision, least) => {
    const { folder, manifest } = await imported('retrieval', precision);
    expect(manifest.drift?.map(({ graph }) => graph)).toEqual(['image', 'text']);
    for (const { meanCosine = NaN, worstCosine = NaN } of manifest.drift ?? []) {
      expect(worstCosine).toBeGreaterThan(least);
      expect(meanCosine).toBeGreaterThanOrEqual(worstCosine);
      // Something was rounded, so it cannot be exact.
      expect(worstCosine).toBeLessThan(1);
    }
    expect(readdirSync(folder).toSorted()).toEqual(
      [...Object.keys(manifest.files), 'manifest.json'].toSorted(),
    );
  });

  it.each([
    ['vqa', 'fused', 'answer_logits'],
    ['nlvr2', 'nlvr2', 'nlvr2_logits'],
    ['classes', 'class', 'class_logits'],
    ['captioning', 'caption', 'caption_logits'],
  ] as const)('%s at int8: how far the logits move, beside their spread', async (family, graph, output) => {
    const { drift = [] } = (await imported(family, 'int8')).manifest;
    expect(drift).toHaveLength(1);
    const [{ difference = NaN, largestDifference: largest = NaN, spread = NaN } = {}] = drift;
    expect(drift[0]).toMatchObject({ graph, output });
    expect(difference).toBeGreaterThan(0);
    expect(largest).toBeGreaterThanOrEqual(difference);
    expect(difference).toBeLessThan(spread / 5);
  });

  it('has nothing to tell at float32', async () => {
    expect((await imported('retrieval', 'fp32')).manifest.drift).toBeUndefined();
  });
});

describe('a graph in pieces', () => {
  it('gives what the whole gives', async () => {
    const { folder, manifest } = await imported('pretrained', 'fp32');
    const picture = probePicture(1, manifest.imageSize);
    const feeds = {
      pixels: pixelTensor([picture, picture], manifest.imageSize),
      // Of two lengths: a mask of padded keys goes from piece to piece.
      ...tokenBatch(
        [
          [0, 5, 6, 2],
          [0, 7, 2],
        ],
        1,
      ),
    };
    const sessions = new SessionHost(1);
    try {
      const path = join(folder, 'mlm.onnx');
      const whole = (await sessions.run(path, feeds, 'query'))['mlm_logits']?.data as Float32Array;
      let pieces = 0;
      const layers = (weight: string): number => Number(/^layers\.(\d+)/.exec(weight)?.[1] ?? -1) + 1;
      const parts = await runInPieces(readFileSync(path), feeds, layers, (model, given) => {
        const piece = join(folder, `${pieces++}.onnx`);
        writeFileSync(piece, model);
        return sessions.run(piece, given, 'query');
      });
      expect(pieces).toBe(manifest.layers + 1);
      expect(largestDifference(parts['mlm_logits']?.data as Float32Array, whole)).toBeLessThan(1e-5);
    } finally {
      await sessions.close();
    }
  });
});
