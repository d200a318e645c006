import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  EMBEDDED_NAME,
  importCheckpoint,
  openEngine,
  openModel,
  renewModel,
  useModel,
} from '#src/engine/mod.js';
import { currentModel, pendingModel } from '#src/index/mod.js';
import { SMALL_TOKENIZER, smallCheckpoint } from '../support/small-checkpoint.js';
import { temporaryFolder } from '../support/temporary-folder.js';

/** A library of two captions that was embedded with a model of this name, and the model's folder. */
async function libraryOf(name: string): Promise<{ readonly dataDir: string; readonly model: string }> {
  const { manifest } = await openModel(EMBEDDED_NAME, temporaryFolder());
  const model = join(temporaryFolder(), 'gone');
  await importCheckpoint({
    checkpoint: smallCheckpoint('retrieval', temporaryFolder()),
    tokenizer: SMALL_TOKENIZER,
    folder: model,
    name,
    precision: manifest.precision,
  });
  const dataDir = temporaryFolder();
  const list = join(temporaryFolder(), 'captions.txt');
  writeFileSync(list, 'a boat\na dog on a beach\n');
  await using engine = await openEngine({ dataDir, model, threads: 1 });
  await engine.ingest([list]);
  return { dataDir, model };
}

/** As an earlier Sightline left it. */
const earlierLibrary = async (): ReturnType<typeof libraryOf> =>
  libraryOf((await openModel(EMBEDDED_NAME, temporaryFolder())).manifest.name);

describe('a library of an earlier embedded model', () => {
  it("is embedded again with today's, once", async () => {
    const { dataDir } = await earlierLibrary();
    const renewed = await renewModel(dataDir, { threads: 1 });
    expect(renewed).toMatchObject({ model: EMBEDDED_NAME, change: { embedded: 2, changed: true } });
    expect(await renewModel(dataDir)).toBeUndefined();
    await using engine = await openEngine({ dataDir, threads: 1 });
    const { hits } = await engine.search('a boat', { kind: 'caption' });
    expect(hits[0]?.similarity).toBeGreaterThan(0.99);
  });

  it('keeps to its old model until everything is embedded', async () => {
    const { dataDir } = await earlierLibrary();
    const before = currentModel(dataDir);
    const renewed = await renewModel(dataDir, { threads: 1, signal: AbortSignal.abort() });
    expect(renewed?.change).toMatchObject({ changed: false, interrupted: true });
    expect(currentModel(dataDir)).toEqual(before);
    expect(await renewModel(dataDir, { threads: 1 })).toMatchObject({ change: { changed: true } });
  });

  it('is left alone where another model was chosen', async () => {
    const { dataDir, model } = await earlierLibrary();
    await useModel(model, dataDir);
    expect(await renewModel(dataDir)).toBeUndefined();
  });

  it('is left alone where the change to another model was begun', async () => {
    const { dataDir } = await earlierLibrary();
    const { model } = await libraryOf('another');
    const begun = await useModel(model, dataDir, { threads: 1, signal: AbortSignal.abort() });
    expect(begun.change).toMatchObject({ changed: false });
    expect(await renewModel(dataDir)).toBeUndefined();
    expect(pendingModel(dataDir)?.name).toBe(model);
  });

  it('is not meant where its model was never embedded', async () => {
    const { dataDir, model } = await libraryOf('another');
    rmSync(model, { recursive: true });
    expect(await renewModel(dataDir)).toBeUndefined();
    expect(await renewModel(temporaryFolder())).toBeUndefined();
  });
});
