import { describe, expect, it, onTestFinished } from 'vitest';
import { dotTable, retrievalMetrics } from '#src/engine/retrieval-metrics.js';
import { GoldenFile } from '../support/goldens.js';
import { lacksShared, sharedPath } from '../support/shared-material.js';

describe('retrieval R@k', () => {
  it('counts by hand on a small table', () => {
    // Two images with two captions each; caption 1 of image 0 is nearer to image 1.
    const scores = Float32Array.of(0.9, 0.1, 0.2, 0.3, 0.2, 0.8, 0.7, 0.1);
    const table = { images: 2, captions: 4, imageOf: [0, 0, 1, 1], scores };
    const { textToImage, imageToText } = retrievalMetrics(table);
    // Captions 0 and 2 find their image first; 1 and 3 find the other one.
    expect(textToImage).toEqual({ R1: 50, R5: 100, R10: 100 });
    // Image 0: own best 0.9 is the best of its row. Image 1: caption 1 (0.8) beats its own best (0.7).
    expect(imageToText).toEqual({ R1: 50, R5: 100, R10: 100 });
  });

  it('multiplies embeddings into the table row by row', () => {
    const [a, b] = [Float32Array.of(1, 0), Float32Array.of(0, 1)];
    expect([...dotTable([a, b], [b], [1]).scores]).toEqual([0, 1]);
  });

  it.skipIf(lacksShared('goldens/goldens/metrics.safetensors'))('gives the official figures', async () => {
    const golden = await GoldenFile.open(sharedPath('goldens/goldens/metrics.safetensors'));
    onTestFinished(() => golden.close());
    const rows = async (name: string): Promise<Float32Array[]> => {
      const [count = 0, width = 0] = golden.shape(`retrieval_eval/${name}`);
      const flat = await golden.values(`retrieval_eval/${name}`);
      return Array.from({ length: count }, (_, i) => flat.slice(i * width, (i + 1) * width));
    };
    // A row per caption; an image's row is repeated, and its first one counts.
    const ids = [...new BigInt64Array((await golden.bytes('retrieval_eval/image_ids')).slice().buffer)];
    const distinct = [...new Set(ids)].toSorted((a, b) => Number(a - b));
    const allImages = await rows('image_features');
    const images = distinct.map((id) => allImages[ids.indexOf(id)] as Float32Array);
    const imageOf = ids.map((id) => distinct.indexOf(id));
    const { textToImage, imageToText } = retrievalMetrics(
      dotTable(images, await rows('text_features'), imageOf),
    );
    expect(textToImage.R1).toBeCloseTo(36.666667461395264, 4);
    expect(textToImage.R5).toBeCloseTo(86.66666746139526, 4);
    expect(textToImage.R10).toBeCloseTo(98.33333492279053, 4);
    expect(imageToText.R1).toBeCloseTo(50, 4);
    expect(imageToText.R5).toBeCloseTo(91.66666865348816, 4);
    expect(imageToText.R10).toBeCloseTo(100, 4);
  });
});
