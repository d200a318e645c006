import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dot } from '#src/core/embedding.js';
import { Encoder, importCheckpoint, type Precision } from '#src/encoder/mod.js';
import { evaluate, type Evaluation } from '#src/engine/mod.js';
import { GoldenFile, largestDifference } from '../support/goldens.js';
import { lacksShared, sharedPath } from '../support/shared-material.js';

const model = (file: string): string => sharedPath(`model/nano/${file}`);
const IMAGE_BYTES = 128 * 128 * 3;
const PRECISIONS: readonly Precision[] = ['fp32', 'fp16', 'int8'];

interface Expected {
  readonly captions: readonly string[];
  readonly images: readonly string[];
}

const rows = (flat: Float32Array, width: number): Float32Array[] =>
  Array.from({ length: flat.length / width }, (_, i) => flat.subarray(i * width, (i + 1) * width));

const flat = (vectors: readonly Float32Array[]): number[] => vectors.flatMap((vector) => [...vector]);

describe.skipIf(lacksShared('model/nano'))('the nano checkpoint, imported', () => {
  let folder: string;
  let golden: GoldenFile;
  let expected: Expected;
  let pixels: Uint8Array[];
  const encoders = new Map<Precision, Encoder>();
  const encoder = (precision: Precision): Encoder => encoders.get(precision) as Encoder;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'sightline-nano-'));
    for (const precision of PRECISIONS) {
      const { folder: bundle } = await importCheckpoint({
        checkpoint: model('beit3_nano_patch16_128.pth'),
        tokenizer: model('beit3_nano.spm'),
        folder: join(folder, precision),
        name: 'nano',
        precision,
      });
      encoders.set(precision, await Encoder.open(bundle));
    }
    golden = await GoldenFile.open(model('goldens.safetensors'));
    expected = JSON.parse(await readFile(model('index.json'), 'utf8')) as Expected;
    const bytes = await golden.bytes('images_u8');
    pixels = expected.images.map((_, i) => bytes.slice(i * IMAGE_BYTES, (i + 1) * IMAGE_BYTES));
  });
  afterAll(async () => {
    for (const one of encoders.values()) await one.close();
    await golden.close();
    await rm(folder, { recursive: true });
  });

  it('gives the official embeddings at fp32', async () => {
    const images = await encoder('fp32').dual.embedImages(pixels);
    const { embeddings } = await encoder('fp32').dual.embedTexts(expected.captions);
    expect(largestDifference(flat(images), await golden.values('image_embeds'))).toBeLessThan(2e-5);
    expect(largestDifference(flat(embeddings), await golden.values('text_embeds'))).toBeLessThan(2e-5);
  });

  it('gives the official match scores at fp32, for pairs and for strangers', async () => {
    const match = encoder('fp32').scorer('match');
    const turned = [...expected.captions.slice(-1), ...expected.captions.slice(0, -1)];
    const cases = [
      ['match_logits', expected.captions],
      ['match_logits_rolled_text', turned],
    ] as const;
    for (const [name, captions] of cases) {
      const pairs = pixels.map((image, i) => ({
        image: { key: String(i), pixels: async () => image },
        text: captions[i] as string,
      }));
      const wanted = rows(await golden.values(name), 2).map(([no = 0, yes = 0]) => yes - no);
      expect(largestDifference(await match.score(pairs), wanted)).toBeLessThan(2e-5);
    }
  });

  it.each(['fp16', 'int8'] as const)('stays near at %s', async (precision) => {
    const images = await encoder(precision).dual.embedImages(pixels);
    const { embeddings } = await encoder(precision).dual.embedTexts(expected.captions);
    const cosines = [
      ...rows(await golden.values('image_embeds'), 256).map((row, i) => dot(row, images[i] as Float32Array)),
      ...rows(await golden.values('text_embeds'), 256).map((row, i) =>
        dot(row, embeddings[i] as Float32Array),
      ),
    ];
    expect(Math.min(...cosines)).toBeGreaterThan(0.99);
  });

  it('embeds a photo from its file as from the official pixels', async () => {
    const { dual, images } = encoder('fp32');
    const official = rows(await golden.values('image_embeds'), 256);
    for (const [i, name] of expected.images.entries()) {
      const read = await images.read(await readFile(sharedPath(`photos/dev/images/${name}`)));
      const [own] = await dual.embedImages([read.pixels]);
      expect(dot(own as Float32Array, official[i] as Float32Array)).toBeGreaterThan(0.995);
    }
  });

  describe.skipIf(lacksShared('photos/dev/dataset.json'))('retrieval on the dev photos', () => {
    const measure = (precision: Precision): Promise<Evaluation> =>
      evaluate({
        model: join(folder, precision),
        dataDir: folder,
        dataset: sharedPath('photos/dev/dataset.json'),
        images: sharedPath('photos/dev/images'),
        split: 'val',
      });

    it.each([
      ['fp32', 0.5],
      ['int8', 1.0],
    ] as const)('%s: all six recalls within %d points of the published ones', async (precision, points) => {
      const metrics = JSON.parse(await readFile(model('metrics.json'), 'utf8')) as {
        dev: { itc_only: Record<'text_to_image' | 'image_to_text', Record<'R@1' | 'R@5' | 'R@10', number>> };
      };
      const { dual, images, captions } = await measure(precision);
      expect([images, captions]).toEqual([1000, 5000]);
      const published = metrics.dev.itc_only;
      for (const [own, theirs] of [
        [dual.textToImage, published.text_to_image],
        [dual.imageToText, published.image_to_text],
      ] as const) {
        expect(Math.abs(own.R1 - theirs['R@1'])).toBeLessThanOrEqual(points);
        expect(Math.abs(own.R5 - theirs['R@5'])).toBeLessThanOrEqual(points);
        expect(Math.abs(own.R10 - theirs['R@10'])).toBeLessThanOrEqual(points);
      }
    });

    it('int8 embeds the dev photos within a mean cosine of 0.99 of fp32', async () => {
      const dataset = JSON.parse(await readFile(sharedPath('photos/dev/dataset.json'), 'utf8')) as {
        images: { filename: string }[];
      };
      const { images } = encoder('fp32');
      const read: Uint8Array[] = [];
      for (const { filename } of dataset.images) {
        const file = sharedPath(`photos/dev/images/${filename}`);
        read.push((await images.read(await readFile(file))).pixels);
      }
      const [full, small] = [
        await encoder('fp32').dual.embedImages(read),
        await encoder('int8').dual.embedImages(read),
      ];
      const cosines = full.map((vector, i) => dot(vector, small[i] as Float32Array));
      expect(cosines.reduce((sum, cosine) => sum + cosine, 0) / cosines.length).toBeGreaterThanOrEqual(0.99);
    });
  });
});
