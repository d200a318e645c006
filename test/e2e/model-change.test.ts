import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { importCheckpoint, modelsFolder } from '#src/engine/mod.js';
import { eventually } from '../support/command-line.js';
import { expectProblem, servedLibrary } from '../support/served-library.js';
import { SMALL_TOKENIZER, smallCheckpoint } from '../support/small-checkpoint.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const library = servedLibrary(8);

interface Models {
  readonly models: readonly { readonly name: string; readonly current: boolean }[];
  readonly change: { readonly to: string; readonly phase: string; readonly done: number } | null;
}

const models = async (): Promise<Models> => (await (await library.get('/api/models')).json()) as Models;

async function names(text: string): Promise<number> {
  const answer = await library.post('/api/search', { text, cutoff: false });
  expect(answer.status).toBe(200);
  return ((await answer.json()) as { hits: unknown[] }).hits.length;
}

describe('another model beside a server that answers', () => {
  it('is chosen over HTTP, embeds in the background, and is used without a pause', async () => {
    const folder = join(modelsFolder(join(library.scratch, 'library')), 'small');
    const checkpoint = smallCheckpoint('retrieval', temporaryFolder());
    await importCheckpoint({
      checkpoint,
      tokenizer: SMALL_TOKENIZER,
      folder,
      name: 'small',
      precision: 'fp32',
    });
    expect((await models()).change).toBeNull();
    const wrong = await library.post('/api/models/use', { name: 'smal' });
    expect(await expectProblem(wrong, 404, 'ERR_MODEL_MISSING')).toContain('Did you mean small');
    const elsewhere = await library.post('/api/models/use', { name: folder });
    await expectProblem(elsewhere, 404, 'ERR_MODEL_MISSING');

    const begun = await library.post('/api/models/use', { name: 'small' });
    expect(await begun.json()).toMatchObject({ change: { to: 'small', error: null } });
    const changed = await eventually(async () => {
      expect(await names('a red square')).toBe(8);
      const now = await models();
      return now.change?.phase === 'changed' ? now : undefined;
    });
    expect(changed.change).toMatchObject({ to: 'small', done: 16, total: 16, unreadable: [] });
    expect(changed.models.find(({ current }) => current)?.name).toBe('small');
    expect(library.engine.status().model.dimensions).toBe(64);
    expect(await names('a red square')).toBe(8);

    const back = await library.post('/api/models/use', { name: 'embedded' });
    expect(back.status).toBe(200);
    await library.engine.modelChange.ended();
    expect((await models()).models.find(({ current }) => current)?.name).toBe('embedded');
    expect(await (await library.post('/api/models/abandon', {})).json()).toEqual({ change: null });
  });
});
