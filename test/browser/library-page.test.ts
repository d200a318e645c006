/** What people do with the library itself on the page: folders that are followed, and another model. */
import { copyFileSync, mkdirSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { importCheckpoint, modelsFolder } from '#src/engine/mod.js';
import { lacksChromium } from '../support/chromium.js';
import { servedLibrary } from '../support/served-library.js';
import { SMALL_TOKENIZER, smallCheckpoint } from '../support/small-checkpoint.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { visitor } from '../support/visitor.js';

const PATIENCE = { timeout: 30_000 };

describe.skipIf(lacksChromium())('the library on the page', () => {
  const library = servedLibrary(8);
  const somebody = visitor();

  it('reads and follows a folder that is named, and leaves it again', async () => {
    const folder = join(realpathSync(library.scratch), 'more');
    mkdirSync(folder);
    const page = await somebody.visit(`${library.server.url}/?view=library`);
    const named = page.getByLabel('Folder on the machine where Sightline runs');
    const leave = page.getByRole('button', { name: /more no longer$/ });
    const follow = async (path: string): Promise<void> => {
      await named.fill(path);
      await page.getByRole('button', { name: 'Read it' }).click();
    };

    await follow(join(folder, 'nowhere'));
    await page.getByRole('alert').getByText('nowhere').waitFor();
    // The browser itself tells of the refusal too.
    for (const complaint of somebody.complaints.splice(0)) expect(complaint).toContain('404');

    await follow(folder);
    await leave.waitFor();
    expect(await page.getByRole('alert').count()).toBe(0);
    const photo = join(folder, 'one.jpg');
    copyFileSync(join(library.photos, 'scene-001.jpg'), photo);
    const found = async (): Promise<number> =>
      (await library.get(`/api/items/at?path=${encodeURIComponent(photo)}`)).status;
    await expect.poll(found, PATIENCE).toBe(200);

    await leave.click();
    await expect.poll(() => leave.count()).toBe(0);
    // Left and named again, it is there again.
    await follow(folder);
    await leave.waitFor();
    expect(await somebody.violations()).toEqual([]);
  });

  it('says when a folder cannot be left', async () => {
    const page = await somebody.visit(`${library.server.url}/?view=library`);
    await page.getByRole('button', { name: /more no longer$/ }).waitFor();
    await page.route('**/api/folders*', (route) => route.abort());
    await page.getByRole('button', { name: /more no longer$/ }).click();
    await page.getByRole('alert').getByText('does not answer').waitFor();
    expect(await page.getByRole('button', { name: /more no longer$/ }).count()).toBe(1);
    for (const complaint of somebody.complaints.splice(0)) expect(complaint).toContain('ERR_FAILED');
  });

  it('changes its model while one looks on', async () => {
    await importCheckpoint({
      checkpoint: smallCheckpoint('retrieval', temporaryFolder()),
      tokenizer: SMALL_TOKENIZER,
      folder: join(modelsFolder(join(library.scratch, 'library')), 'small'),
      name: 'small',
      precision: 'fp32',
    });
    const page = await somebody.visit(`${library.server.url}/?view=library`);
    const models = page.getByTestId('models');
    const inUse = models.locator('li').filter({ hasText: 'in use' });
    await expect.poll(() => inUse.textContent()).toContain('embedded');
    await models.getByRole('button', { name: 'Use small' }).click();
    await models.getByText('small: Changed').waitFor(PATIENCE);
    await expect.poll(() => inUse.textContent()).toContain('small');
    expect(library.engine.status().model.dimensions).toBe(64);
    await page.goto(`${library.server.url}/?q=a+red+square`);
    await page.getByTestId('photo').first().waitFor();
  });
});
