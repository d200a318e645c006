import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { dot } from '#src/core/embedding.js';
import { bundlePath, openBundle, TOKENIZER_FILE } from '#src/encoder/bundle.js';
import { BundleDualEncoder } from '#src/encoder/dual-encoder.js';
import { importCheckpoint } from '#src/encoder/mod.js';
import { loadTokenizer } from '#src/encoder/tokenizer/tokenizer.js';
import { CountingSessions } from '../support/counting-sessions.js';
import { largestDifference } from '../support/goldens.js';
import { lacksShared, sharedPath } from '../support/shared-material.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const EMBEDDED = fileURLToPath(new URL('../../data/model', import.meta.url));
const TEXTS = Array.from({ length: 32 }, (_, i) => `a photo of ${i + 1} birds${' on a wire'.repeat(i % 4)}`);

async function encoderOf(folder: string): Promise<{ dual: BundleDualEncoder; sessions: CountingSessions }> {
  const bundle = await openBundle(folder);
  const tokenizer = await loadTokenizer(bundlePath(bundle, TOKENIZER_FILE));
  const sessions = new CountingSessions(1);
  return { dual: new BundleDualEncoder(bundle, tokenizer, sessions), sessions };
}

/** Each text asked alone, one after the other, and all of them asked at the same time. */
async function aloneAndTogether(
  folder: string,
): Promise<{ alone: Float32Array[]; together: Float32Array[]; runs: number }> {
  const { dual, sessions } = await encoderOf(folder);
  const embed = async (text: string): Promise<Float32Array> =>
    (await dual.embedTexts([text])).embeddings[0] as Float32Array;
  const alone: Float32Array[] = [];
  for (const text of TEXTS) alone.push(await embed(text));
  sessions.runs = 0;
  // Requests come in turns of their own.
  const together = await Promise.all(
    TEXTS.map(async (text) => {
      await new Promise((done) => setImmediate(done));
      return embed(text);
    }),
  );
  const { runs } = sessions;
  await sessions.close();
  return { alone, together, runs };
}

describe('texts asked at the same time', () => {
  it('share runs and stay within the noise of int8', async () => {
    const { alone, together, runs } = await aloneAndTogether(EMBEDDED);
    expect(runs).toBeLessThanOrEqual(4);
    const cosines = alone.map((vector, i) => dot(vector, together[i] as Float32Array));
    expect(Math.min(...cosines)).toBeGreaterThan(0.99);
  });

  it('pictures too; and one of the wrong size is refused alone', async () => {
    const { dual, sessions } = await encoderOf(EMBEDDED);
    const picture = (value: number, bytes = 3 * dual.imageSize ** 2): Uint8Array =>
      new Uint8Array(bytes).fill(value);
    const calls = [picture(10), picture(20, 5), picture(30), picture(40)].map((pixels) =>
      dual.embedImages([pixels]),
    );
    const settled = await Promise.allSettled(calls);
    expect(settled.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled', 'fulfilled']);
    expect(sessions.runs).toBe(1);
    await sessions.close();
  });

  describe.skipIf(lacksShared('model/nano'))('at fp32', () => {
    it('give the same vectors', async () => {
      const { folder } = await importCheckpoint({
        checkpoint: sharedPath('model/nano/beit3_nano_patch16_128.pth'),
        tokenizer: sharedPath('model/nano/beit3_nano.spm'),
        folder: join(temporaryFolder(), 'nano'),
        name: 'nano',
        precision: 'fp32',
      });
      const { alone, together, runs } = await aloneAndTogether(folder);
      expect(runs).toBeLessThanOrEqual(4);
      for (const [i, vector] of alone.entries())
        expect(largestDifference(vector, together[i] as Float32Array)).toBeLessThan(2e-6);
    });
  });
});
