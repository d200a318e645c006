import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { abilitiesOf } from '#src/encoder/beit3/abilities.js';
import { recogniseArchitecture, unusedTensors } from '#src/encoder/beit3/recognition.js';
import { openCheckpoint, type TensorInfo } from '#src/encoder/checkpoint/checkpoint.js';
import { Encoder, importCheckpoint } from '#src/encoder/mod.js';
import { openEngine } from '#src/engine/mod.js';
import { lacksShared, sharedPath } from '../support/shared-material.js';

const checkpoint = (name: string): string => sharedPath(`goldens/checkpoints/${name}.pth`);
const GOLDEN = { heads: 4 };

async function tensorsOf(name: string): Promise<Map<string, TensorInfo>> {
  const file = await openCheckpoint(checkpoint(name));
  await file.close();
  return new Map(file.tensors);
}

const tensor = (name: string, ...shape: number[]): [string, TensorInfo] => [
  name,
  { name, dtype: 'float32', shape },
];

interface RegisteredVariant {
  readonly layers: number;
  readonly tensors: number;
  readonly image_size: number;
  readonly normalize_output: boolean;
  readonly global: Readonly<Record<string, number[]>>;
  readonly per_layer: Readonly<Record<string, number[]>>;
  readonly head: Readonly<Record<string, number[]>>;
}

describe.skipIf(lacksShared('goldens/shapes.json'))('the variants that the release registers', () => {
  it('are recognised from their keys and shapes, to the last tensor', async () => {
    const shapes = await readFile(sharedPath('goldens/shapes.json'), 'utf8');
    const variants = Object.entries(JSON.parse(shapes) as Record<string, RegisteredVariant>);
    expect(variants).toHaveLength(15);
    for (const [name, variant] of variants) {
      const perLayer = Array.from({ length: variant.layers }, (_, layer) =>
        Object.entries(variant.per_layer).map(([key, shape]) =>
          tensor(key.replace('{i}', String(layer)), ...shape),
        ),
      ).flat();
      const others = Object.entries({ ...variant.global, ...variant.head });
      const tensors = new Map([...others.map(([key, shape]) => tensor(key, ...shape)), ...perLayer]);
      expect(tensors.size).toBe(variant.tensors);
      const architecture = recogniseArchitecture(tensors);
      expect({ name, ...architecture }).toMatchObject({
        name,
        layers: variant.layers,
        heads: name.includes('large') ? 16 : 12,
        imageSize: variant.image_size,
        finalNorm: variant.normalize_output,
      });
      expect(abilitiesOf(architecture).outputs).toHaveLength(1);
      expect(unusedTensors(tensors, architecture)).toEqual([]);
    }
  });
});

describe.skipIf(lacksShared('goldens/checkpoints/vqa.pth'))('every released family', () => {
  it.each([
    [
      'retrieval',
      ['image', 'text', 'image-rows', 'text-rows'],
      ['embedding'],
      { finalNorm: true, vocabulary: 128 },
    ],
    ['vqa', ['fused'], ['answer_logits'], { finalNorm: false, textPositions: 1022 }],
    ['nlvr2', ['nlvr2'], ['nlvr2_logits'], { finalNorm: true }],
    ['imageclassification', ['class'], ['class_logits'], { finalNorm: false, vocabulary: 0 }],
    ['imageclassification_vision_only', ['class'], ['class_logits'], { vocabulary: 0, textPositions: 0 }],
    [
      'captioning',
      ['caption', 'caption-prefill', 'caption-step', 'caption-image', 'caption-score'],
      ['caption_logits'],
      { finalNorm: true },
    ],
    ['pretrained', ['mlm', 'mlm-text', 'mim'], ['mlm_logits', 'mim_logits'], { finalNorm: true }],
  ])('%s is recognised, and nothing in it is unknown', async (name, graphs, outputs, facts) => {
    const tensors = await tensorsOf(name);
    const architecture = recogniseArchitecture(tensors, GOLDEN);
    expect(architecture).toMatchObject({ width: 64, layers: 3, imageSize: 32, patchSize: 8, ...facts });
    expect(abilitiesOf(architecture)).toEqual({ graphs, outputs });
    expect(unusedTensors(tensors, architecture)).toEqual([]);
  });

  it('two classes in the VQA layout are a match head', async () => {
    const tensors = await tensorsOf('vqa');
    const two = new Map([...tensors, tensor('head.3.weight', 2, 128), tensor('head.3.bias', 2)]);
    expect(abilitiesOf(recogniseArchitecture(two, GOLDEN)).outputs).toEqual(['match_logits']);
  });

  it('names tensors that belong to no part of the model', async () => {
    const tensors = new Map([...(await tensorsOf('vqa')), tensor('ema.decay'), tensor('head.5.bias', 3)]);
    const architecture = recogniseArchitecture(tensors, GOLDEN);
    expect(unusedTensors(tensors, architecture)).toEqual(['ema.decay', 'head.5.bias']);
  });

  it.each([
    ['retrieval', 'language_head.weight'],
    ['captioning', 'mlm_head.bias'],
    ['vqa', 'pooler.dense.weight'],
    ['nlvr2', 'head.norm2.bias'],
    ['imageclassification', 'fc_norm.weight'],
    ['pretrained', 'beit3.vision_embed.mask_token'],
    ['vqa', 'beit3.encoder.layers.1.ffn.B.fc2.weight'],
  ])('%s without %s is refused by that name', async (name, key) => {
    const tensors = await tensorsOf(name);
    tensors.delete(key);
    expect(() => recogniseArchitecture(tensors, GOLDEN)).toThrow(
      expect.objectContaining({ code: 'ERR_CHECKPOINT_UNSUPPORTED', details: { missing: [key] } }),
    );
  });

  it('refuses a backbone without any head, and a tensor of another shape', async () => {
    const tensors = await tensorsOf('vqa');
    const odd = new Map([...tensors, tensor('head.1.bias', 7)]);
    expect(() => recogniseArchitecture(odd, GOLDEN)).toThrow(/head\.1\.bias to have the shape \[128\]/);
    const bare = new Map([...tensors].filter(([name]) => name.startsWith('beit3.')));
    expect(() => recogniseArchitecture(bare, GOLDEN)).toThrow(/head of a released BEiT-3 family/);
  });

  describe('an imported ImageNet model', () => {
    let folder: string;
    beforeAll(async () => {
      folder = await mkdtemp(join(tmpdir(), 'sightline-families-'));
      await importCheckpoint({
        checkpoint: checkpoint('imageclassification_vision_only'),
        folder: join(folder, 'classes'),
        name: 'classes',
        precision: 'fp32',
        heads: 4,
      });
    });
    afterAll(() => rm(folder, { recursive: true }));

    it('says how its pictures are prepared, and needs no tokenizer', async () => {
      await using encoder = await Encoder.open(join(folder, 'classes'));
      const { manifest } = encoder.bundle;
      expect(manifest).toMatchObject({ graphs: ['class'], outputs: ['class_logits'], dimensions: 0 });
      expect(manifest.preprocessing).toMatchObject({
        resize: 'centre-crop',
        mean: [0.485, 0.456, 0.406],
        std: [0.229, 0.224, 0.225],
      });
      expect(Object.keys(manifest.files)).toEqual(['weights.bin', 'class.onnx']);
    });

    it('is refused where searching is asked for', async () => {
      await using encoder = await Encoder.open(join(folder, 'classes'));
      const refusal = expect.objectContaining({ code: 'ERR_MODEL_CAPABILITY' });
      expect(() => encoder.dual).toThrow(refusal);
      expect(() => encoder.scorer('match')).toThrow(refusal);
      const opening = openEngine({ dataDir: join(folder, 'library'), model: join(folder, 'classes') });
      await expect(opening).rejects.toThrow(refusal);
    });
  });

  it('a model that reads texts is not imported without a tokenizer', async () => {
    const importing = importCheckpoint({
      checkpoint: checkpoint('captioning'),
      folder: join(tmpdir(), 'sightline-never-written'),
      name: 'captions',
      precision: 'fp32',
      heads: 4,
    });
    await expect(importing).rejects.toThrow(expect.objectContaining({ code: 'ERR_TOKENIZER_INVALID' }));
  });
});
