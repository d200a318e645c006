/** Milliseconds that a bundle's two towers take, in a warm session: pictures one by one and by eight, and a text. */
import { Encoder } from '../../src/encoder/mod.js';
import { median } from '../statistics.js';
import { trial } from '../trial.js';

export interface EncoderSpeed {
  readonly image1: number;
  /** For each picture of a batch of eight. */
  readonly image8: number;
  readonly text: number;
  readonly peakMemory: number;
}

export interface EncoderSpeedTrial {
  readonly input: { readonly folder: string; readonly text: string; readonly repetitions: number };
  readonly result: EncoderSpeed;
}

async function millisecondsOf(work: () => Promise<unknown>, repetitions: number): Promise<number> {
  await work();
  const times: number[] = [];
  for (let i = 0; i < repetitions; i++) {
    const start = performance.now();
    await work();
    times.push(performance.now() - start);
  }
  return median(times);
}

trial<EncoderSpeedTrial>(async ({ folder, text, repetitions }) => {
  await using encoder = await Encoder.open(folder);
  const bytes = encoder.dual.imageSize ** 2 * 3;
  const picture = (): Uint8Array => Uint8Array.from({ length: bytes }, () => Math.random() * 256);
  const eight = Array.from({ length: 8 }, picture);
  const one = eight.slice(0, 1);
  return {
    image1: await millisecondsOf(() => encoder.dual.embedImages(one), repetitions),
    image8: (await millisecondsOf(() => encoder.dual.embedImages(eight), Math.ceil(repetitions / 2))) / 8,
    text: await millisecondsOf(() => encoder.dual.embedTexts([text]), 3 * repetitions),
    peakMemory: process.resourceUsage().maxRSS / 1024,
  };
});
