import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { Encoder, type ImageTextPair, importCheckpoint } from '#src/encoder/mod.js';
import { openEngine } from '#src/engine/mod.js';
import { demoPhotos } from '../support/demo-photos.js';
import { type Family, smallCheckpoint, SMALL_TOKENIZER } from '../support/small-checkpoint.js';

const SIZE = 32;
const { photos, scratch } = demoPhotos(4);
const folder = scratch;
const ANSWERS = ['net', 'yes', 'no', 'two', 'red', 'dog', 'boat'];

async function imported(family: Family, answers?: string): Promise<string> {
  const place = join(folder, answers === undefined ? `${family}-model` : `${family}-answers`);
  await importCheckpoint({
    checkpoint: smallCheckpoint(family, folder),
    tokenizer: SMALL_TOKENIZER,
    folder: place,
    name: family,
    precision: 'fp32',
    answers,
  });
  return place;
}

function pair(picture: number, text: string): ImageTextPair {
  const pixels = Uint8Array.from({ length: SIZE * SIZE * 3 }, (_, i) => (i * (picture + 3)) % 256);
  return { image: { key: `picture ${picture}`, pixels: async () => pixels }, text };
}

const PAIRS = [0, 1, 2].flatMap((picture) =>
  ['a boat', 'two dogs on the grass', 'a red wall'].map((text) => pair(picture, text)),
);

const closeTo = (values: readonly number[]): number[] =>
  values.map((value) => expect.closeTo(value, 4) as number);

describe('scorers of other heads', () => {
  let captioning: string;
  let answering: string;
  const list = join(folder, 'answers.txt');
  beforeAll(async () => {
    writeFileSync(list, ANSWERS.map((answer, label) => JSON.stringify({ answer, label })).join('\n'));
    captioning = await imported('captioning');
    answering = await imported('vqa', list);
  });

  it.each([
    ['caption', () => captioning],
    ['answer', () => answering],
    ['interaction', () => imported('retrieval')],
  ] as const)(
    '%s: one number a pair, the same alone, together, and from what is kept',
    async (name, model) => {
      await using encoder = await Encoder.open(await model());
      expect(encoder.scorers).toEqual([name]);
      const scorer = encoder.scorer(name);
      const together = await scorer.score(PAIRS);
      expect(together.every(Number.isFinite)).toBe(true);
      expect(new Set(together).size).toBeGreaterThan(1);
      await using fresh = await Encoder.open(encoder.bundle.folder, { imageCacheBytes: 0 });
      const alone: number[] = [];
      for (const one of PAIRS.toReversed()) alone.unshift(...(await fresh.scorer(name).score([one])));
      expect(alone).toEqual(closeTo(together));
      expect(await scorer.score(PAIRS.toReversed())).toEqual(closeTo(together.toReversed()));
    },
  );

  it('caption: needs no pixels of a picture that is kept', async () => {
    await using encoder = await Encoder.open(captioning);
    const scorer = encoder.scorer('caption');
    const [first] = await scorer.score([pair(1, 'a boat')]);
    const kept = { key: 'picture 1', pixels: () => Promise.reject(new Error('gone')) };
    expect(await scorer.score([{ image: kept, text: 'a boat' }])).toEqual([first]);
  });

  it('answer: only where the answers are known', async () => {
    await using encoder = await Encoder.open(await imported('vqa'));
    expect(encoder.scorers).toEqual([]);
    const refusal = expect.objectContaining({
      code: 'ERR_MODEL_CAPABILITY',
      message: expect.stringContaining('--answers') as string,
    });
    expect(() => encoder.scorer('answer')).toThrow(refusal);
    await using known = await Encoder.open(answering);
    expect(known.bundle.manifest.answers).toEqual(ANSWERS);
  });

  it.each([
    ['six lines', ANSWERS.slice(1).join('\n')],
    ['one class twice', ANSWERS.map((answer) => JSON.stringify({ answer, label: 0 })).join('\n')],
    ['no answer', ANSWERS.map((_, label) => JSON.stringify({ label })).join('\n')],
    ['no JSON', `{"answer": "yes", "label": 0}\nno`],
  ])('answers: %s are refused', async (name, text) => {
    const path = join(folder, `${name}.txt`);
    writeFileSync(path, text);
    const importing = importCheckpoint({
      checkpoint: smallCheckpoint('vqa', folder),
      tokenizer: SMALL_TOKENIZER,
      folder: join(folder, name),
      name: 'vqa',
      precision: 'fp32',
      answers: path,
    });
    await expect(importing).rejects.toMatchObject({ code: 'ERR_CONFIG_INVALID' });
  });

  describe('a captioning model that reads what another found', () => {
    const dataDir = join(scratch, 'library');

    it('reads photos and captions, in its own size', async () => {
      await using engine = await openEngine({ dataDir, rerankModel: captioning });
      await engine.ingest([photos]);
      const rerank = { depth: 3, budgetMs: 60_000 };
      const found = await engine.search('a boat', { rerank });
      expect(found.rerank).toEqual({ depth: 3, of: 3, reason: null });
      expect(found.hits[0]).toMatchObject({ fusedScore: expect.any(Number) as number, confidence: null });
      const image = join(photos, 'scene-001.jpg');
      const captions = await engine.search({ image }, { kind: 'caption', rerank });
      expect(captions.rerank).toEqual({ depth: 3, of: 3, reason: null });
      expect(readdirSync(join(dataDir, 'pixels')).toSorted((a, b) => a.localeCompare(b))).toEqual([
        '192',
        '32',
      ]);
    });
  });
});
