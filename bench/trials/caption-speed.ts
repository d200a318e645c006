/** Milliseconds for scoring captions against one picture, with and without keeping the picture's keys and values. */
import { join } from 'node:path';
import type { Tensors, WireTensor } from '../../src/encoder/runtime/messages.js';
import { SessionHost } from '../../src/encoder/runtime/session-host.js';
import { tokenBatch } from '../../src/encoder/token-batch.js';
import { openBundle } from '../../src/encoder/mod.js';
import { trial } from '../trial.js';

export interface CaptionSpeed {
  /** All logits of picture and text together, `caption`; a caption's probability takes more than that. */
  readonly full: number;
  /** The probabilities of the captions, the picture computed again for each. */
  readonly again: number;
  /** The probabilities of the captions, the picture computed once. */
  readonly cached: number;
}

export interface CaptionSpeedTrial {
  readonly input: { readonly folder: string; readonly captions: number; readonly tokens: number };
  readonly result: CaptionSpeed;
}

/** Pairs in one run of the full graph: as a reranker would do it. */
const PAIRS = 8;
const PAD = 1;

async function millisecondsOf(work: () => Promise<unknown>): Promise<number> {
  await work();
  const start = performance.now();
  await work();
  return performance.now() - start;
}

trial<CaptionSpeedTrial>(async ({ folder, captions, tokens }, atEnd) => {
  const sessions = new SessionHost();
  atEnd(() => sessions.close());
  const { imageSize } = (await openBundle(folder)).manifest;
  const run = (graph: string, feeds: Tensors): Promise<Tensors> =>
    sessions.run(join(folder, `${graph}.onnx`), feeds, 'batch');
  const picture = Uint8Array.from({ length: imageSize ** 2 * 3 }, () => Math.random() * 256);
  const pixels = (count: number): WireTensor => {
    const data = new Uint8Array(count * picture.length);
    for (let i = 0; i < count; i++) data.set(picture, i * picture.length);
    return { type: 'uint8', dims: [count, imageSize, imageSize, 3], data };
  };
  const words = Array.from({ length: tokens - 2 }, (_, i) => 10 + i);
  const texts = Array.from({ length: captions }, (_, i) => [0, 4 + i, ...words.slice(1), 2]);

  const full = await millisecondsOf(async () => {
    for (let start = 0; start < captions; start += PAIRS) {
      const batch = texts.slice(start, start + PAIRS);
      await run('caption', { pixels: pixels(batch.length), ...tokenBatch(batch, PAD) });
    }
  });
  const again = await millisecondsOf(async () => {
    for (const text of texts) {
      const store = await run('caption-image', { pixels: pixels(1) });
      await run('caption-score', { ...store, ...tokenBatch([text], PAD) });
    }
  });
  const cached = await millisecondsOf(async () => {
    const store = await run('caption-image', { pixels: pixels(1) });
    await run('caption-score', { ...store, ...tokenBatch(texts, PAD) });
  });
  return { full, again, cached };
});
