import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  abandonModelChange,
  EMBEDDED_NAME,
  importCheckpoint,
  modelsFolder,
  openEngine,
  openModel,
  type Precision,
  removeModel,
  useModel,
  verifyModel,
} from '#src/engine/mod.js';
import { currentModel, neededModels, pendingModel } from '#src/index/mod.js';
import { type Family, SMALL_TOKENIZER, smallCheckpoint } from '../support/small-checkpoint.js';
import { temporaryFolder } from '../support/temporary-folder.js';

/** A text's similarity with itself: in int8 it is rounded by what it is embedded together with. */
const ITSELF = 0.999;

interface Wanted {
  readonly family?: Family;
  readonly precision?: Precision;
}

/** A library folder with an imported model of this name in it. */
async function libraryWith(
  name: string,
  { family = 'retrieval', precision = 'fp32' }: Wanted = {},
): Promise<string> {
  const dataDir = temporaryFolder();
  await importCheckpoint({
    checkpoint: smallCheckpoint(family, temporaryFolder()),
    tokenizer: family === 'classes' ? undefined : SMALL_TOKENIZER,
    folder: join(modelsFolder(dataDir), name),
    name,
    precision,
  });
  return dataDir;
}

async function ingestCaptions(dataDir: string, model?: string): Promise<void> {
  const list = join(temporaryFolder(), 'captions.txt');
  writeFileSync(list, 'a boat\na dog on a beach\n');
  await using engine = await openEngine({ dataDir, model, threads: 1 });
  await engine.ingest([list]);
}

const refusal = (code: string, words: RegExp): unknown =>
  expect.objectContaining({ code, message: expect.stringMatching(words) as string });

describe('verifying a model', () => {
  it.each([
    ['retrieval', 'fp32', ['image', 'text', 'image-rows', 'text-rows']],
    ['retrieval', 'int8', ['image', 'text', 'image-rows', 'text-rows']],
    ['vqa', 'fp16', ['fused']],
    ['nlvr2', 'fp32', ['nlvr2']],
    ['classes', 'fp32', ['class']],
    ['captioning', 'fp32', ['caption', 'caption-prefill', 'caption-step', 'caption-image', 'caption-score']],
    ['pretrained', 'fp32', ['mlm', 'mlm-text', 'mim']],
  ] as const)('%s at %s: every graph is run and is right', async (family, precision, graphs) => {
    const dataDir = await libraryWith('small', { family, precision });
    const report = await verifyModel({ model: 'small', dataDir, threads: 1 });
    expect(report.graphs.flatMap(({ problems }) => problems)).toEqual([]);
    expect(report.graphs.map(({ graph }) => graph)).toEqual(graphs);
    expect(report.sound).toBe(true);
  });

  it('names a file of other content, and runs nothing from it', async () => {
    const dataDir = await libraryWith('small');
    const weights = join(modelsFolder(dataDir), 'small', 'weights.bin');
    const bytes = readFileSync(weights);
    bytes[1000] = (bytes[1000] ?? 0) ^ 1;
    writeFileSync(weights, bytes);
    const report = await verifyModel({ model: 'small', dataDir, threads: 1 });
    expect(report).toMatchObject({ sound: false, graphs: [] });
    expect(report.files.filter(({ intact }) => !intact).map(({ file }) => file)).toEqual(['weights.bin']);
  });

  it('refuses a file that is cut', async () => {
    const dataDir = await libraryWith('small');
    truncateSync(join(modelsFolder(dataDir), 'small', 'image.onnx'), 100);
    const verifying = verifyModel({ model: 'small', dataDir });
    await expect(verifying).rejects.toThrow(refusal('ERR_MODEL_INVALID', /image\.onnx to have \d+ bytes/));
  });

  it('finds shapes that the manifest does not promise', async () => {
    const dataDir = await libraryWith('small');
    const path = join(modelsFolder(dataDir), 'small', 'manifest.json');
    const manifest = JSON.parse(readFileSync(path, 'utf8')) as object;
    writeFileSync(path, JSON.stringify({ ...manifest, dimensions: 65 }));
    const report = await verifyModel({ model: 'small', dataDir, threads: 1 });
    expect(report.sound).toBe(false);
    expect(report.graphs[0]?.problems).toEqual(['expected embedding to be [1, 65] but it is [1, 64]']);
  });

  it('finds numbers that are not finite', async () => {
    const checkpoint = smallCheckpoint('retrieval', temporaryFolder());
    const bytes = readFileSync(checkpoint);
    bytes.writeFloatLE(NaN, bytes.length - 4 * 200);
    writeFileSync(checkpoint, bytes);
    const folder = join(temporaryFolder(), 'broken');
    await importCheckpoint({ checkpoint, tokenizer: SMALL_TOKENIZER, folder, name: 'x', precision: 'fp32' });
    const report = await verifyModel({ model: folder, dataDir: temporaryFolder(), threads: 1 });
    expect(report.sound).toBe(false);
    expect(report.graphs.flatMap(({ problems }) => problems)).toContain(
      'embedding holds values that are not finite',
    );
  });
});

describe('choosing a model', () => {
  it('is what an empty library uses from then on, until another is named', async () => {
    const dataDir = await libraryWith('small');
    const { id } = await useModel('small', dataDir);
    expect((await openModel(undefined, dataDir)).manifest.id).toBe(id);
    await ingestCaptions(dataDir);
    await using engine = await openEngine({ dataDir, readOnly: true });
    expect(engine.status().model.id).toBe(id);
    expect((await openModel(EMBEDDED_NAME, dataDir)).manifest.id).not.toBe(id);
    await expect(useModel('small', dataDir)).resolves.toEqual({ model: 'small', id });
  });

  it('embeds a library again that has vectors of another, and finds the way back', async () => {
    const dataDir = await libraryWith('small');
    await ingestCaptions(dataDir, 'small');
    const there = await useModel(EMBEDDED_NAME, dataDir);
    expect(there.change).toMatchObject({ embedded: 2, unreadable: [], changed: true, interrupted: false });
    expect(currentModel(dataDir)?.modelId).toBe(there.id);
    await using engine = await openEngine({ dataDir, readOnly: true });
    expect((await engine.search('a boat', { kind: 'caption' })).hits[0]?.similarity).toBeGreaterThan(ITSELF);
    const back = await useModel('small', dataDir);
    expect(back.change).toMatchObject({ embedded: 0, changed: true });
    expect(neededModels(dataDir)).toEqual([back.id]);
  });

  it('goes on after an interruption, or is given up', async () => {
    const dataDir = await libraryWith('small');
    await ingestCaptions(dataDir, 'small');
    const before = currentModel(dataDir)?.modelId;
    const stopped = await useModel(EMBEDDED_NAME, dataDir, { signal: AbortSignal.abort() });
    expect(stopped.change).toMatchObject({ changed: false, interrupted: true });
    expect(currentModel(dataDir)?.modelId).toBe(before);
    expect(pendingModel(dataDir)?.name).toBe(EMBEDDED_NAME);
    await expect(removeModel('small', dataDir)).rejects.toThrow(refusal('ERR_MODEL_IN_USE', /embedded with/));
    expect(await abandonModelChange(dataDir)).toBe(EMBEDDED_NAME);
    expect(pendingModel(dataDir)).toBeUndefined();
    expect(await abandonModelChange(dataDir)).toBeUndefined();
    await using engine = await openEngine({ dataDir, readOnly: true });
    expect(engine.status().model.id).toBe(before);
  });

  it('goes on beside a library that is in use, whose queries never see two models', async () => {
    const dataDir = await libraryWith('small');
    await ingestCaptions(dataDir, 'small');
    await useModel(EMBEDDED_NAME, dataDir, { signal: AbortSignal.abort() });
    const before = currentModel(dataDir)?.modelId;
    await using engine = await openEngine({ dataDir, threads: 1 });
    expect(engine.status().model.id).toBe(before);
    const more = join(temporaryFolder(), 'more.txt');
    writeFileSync(more, 'a train in the snow\n');
    let asked = 0;
    const over = new AbortController();
    const asking = (async () => {
      for (const texts = ['a boat', 'a dog on a beach']; !over.signal.aborted; asked++) {
        const text = texts[asked % 2] as string;
        const { hits } = await engine.search(text, { kind: 'caption' });
        expect(hits[0]).toMatchObject({ item: { text } });
        expect(hits[0]?.similarity).toBeGreaterThan(ITSELF);
      }
    })();
    const [changed] = await Promise.all([engine.modelChange.goOn(), engine.ingest([more])]);
    over.abort();
    await asking;
    expect(changed).toMatchObject({ changed: true, unreadable: [], interrupted: false });
    expect(asked).toBeGreaterThan(0);
    expect(engine.changeState).toMatchObject({ to: EMBEDDED_NAME, phase: 'changed', error: null });
    expect(engine.status().model.id).not.toBe(before);
    for (const text of ['a boat', 'a train in the snow'])
      expect((await engine.search(text, { kind: 'caption' })).hits[0]?.similarity).toBeGreaterThan(ITSELF);
    expect(await engine.modelChange.goOn()).toBeUndefined();
    expect((await openModel(undefined, dataDir)).manifest.id).toBe(engine.status().model.id);
  });

  it('is begun, given up, and done beside queries; what comes afterwards is embedded with the new one', async () => {
    const dataDir = await libraryWith('small');
    await ingestCaptions(dataDir, 'small');
    await using engine = await openEngine({ dataDir, threads: 1 });
    const before = engine.status().model.id;
    await expect(engine.modelChange.begin('smal')).rejects.toMatchObject({ code: 'ERR_MODEL_MISSING' });
    await engine.modelChange.begin(EMBEDDED_NAME);
    await engine.modelChange.abandon();
    expect([engine.changeState, engine.status().model.id]).toEqual([null, before]);
    expect(pendingModel(dataDir)).toBeUndefined();
    await engine.modelChange.begin(EMBEDDED_NAME);
    await engine.modelChange.ended();
    expect(engine.changeState).toMatchObject({ phase: 'changed', done: 2, total: 2 });
    const more = join(temporaryFolder(), 'more.txt');
    writeFileSync(more, 'a train in the snow\n');
    await engine.ingest([more]);
    expect(engine.status().library.items.caption).toBe(3);
    const [hit] = (await engine.search('a train in the snow', { kind: 'caption' })).hits;
    expect(hit?.similarity).toBeGreaterThan(ITSELF);
  });

  it('is refused for a model that cannot search', async () => {
    const dataDir = await libraryWith('answers', { family: 'vqa' });
    const choosing = useModel('answers', dataDir);
    await expect(choosing).rejects.toThrow(refusal('ERR_MODEL_CAPABILITY', /no retrieval heads/));
  });

  it('keeps the folder of a bundle that lies elsewhere', async () => {
    const bundle = join(modelsFolder(await libraryWith('small')), 'small');
    const dataDir = join(temporaryFolder(), 'new');
    expect(await useModel(bundle, dataDir)).toMatchObject({ model: bundle });
    expect((await openModel(undefined, dataDir)).folder).toBe(bundle);
  });

  it('says where the choice came from when the model is gone', async () => {
    const dataDir = await libraryWith('small');
    await useModel('small', dataDir);
    rmSync(join(modelsFolder(dataDir), 'small'), { recursive: true });
    const opening = openModel(undefined, dataDir);
    await expect(opening).rejects.toThrow(refusal('ERR_MODEL_MISSING', /chose it; choose another/));
  });

  it.each(['no json', '{"model": 7}', '{"modell": "x"}'])('refuses settings that hold %s', async (text) => {
    const dataDir = temporaryFolder();
    writeFileSync(join(dataDir, 'settings.json'), text);
    const opening = openModel(undefined, dataDir);
    await expect(opening).rejects.toThrow(refusal('ERR_CONFIG_INVALID', /settings\.json .* Delete it/));
  });
});

describe('removing a model', () => {
  it('says how much is gone, and leaves nothing', async () => {
    const dataDir = await libraryWith('small');
    await useModel('small', dataDir);
    const removed = await removeModel('small', dataDir);
    expect(removed).toMatchObject({ name: 'small', wasChosen: true });
    expect(removed.bytes).toBeGreaterThan(100_000);
    expect(readdirSync(modelsFolder(dataDir))).toEqual([]);
    expect((await openModel(undefined, dataDir)).manifest.name).not.toBe('small');
  });

  it('is refused while the library needs it, damaged or not', async () => {
    const dataDir = await libraryWith('small');
    await ingestCaptions(dataDir, 'small');
    const inUse = refusal('ERR_MODEL_IN_USE', /cannot be searched without it\. Use --force/);
    await expect(removeModel('small', dataDir)).rejects.toThrow(inUse);
    rmSync(join(modelsFolder(dataDir), 'small', 'manifest.json'));
    await expect(removeModel('small', dataDir)).rejects.toThrow(inUse);
    await removeModel('small', dataDir, { force: true });
    expect(existsSync(join(modelsFolder(dataDir), 'small'))).toBe(false);
  });

  it('takes a damaged one that no library needs', async () => {
    const dataDir = temporaryFolder();
    mkdirSync(join(modelsFolder(dataDir), 'half'), { recursive: true });
    await expect(removeModel('half', dataDir)).resolves.toMatchObject({ bytes: 0 });
  });

  it.each([
    [EMBEDDED_NAME, 'ERR_REQUEST_INVALID', /part of Sightline/],
    ['smal', 'ERR_MODEL_MISSING', /Did you mean small/],
    ['../models/small', 'ERR_MODEL_MISSING', /no imported model/],
    ['.', 'ERR_MODEL_MISSING', /no imported model/],
  ])('%s is refused', async (name, code, words) => {
    const dataDir = await libraryWith('small');
    await expect(removeModel(name, dataDir)).rejects.toThrow(refusal(code, words));
    expect(readdirSync(modelsFolder(dataDir))).toEqual(['small']);
  });
});
