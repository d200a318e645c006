import { mkdirSync, readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createApp, listen, type RunningServer } from '#src/api/mod.js';
import { openEngine, type SearchEngine } from '#src/engine/mod.js';
import { launchChromium } from '../../bench/chromium.js';
import { lacksChromium } from '../support/chromium.js';
import { demoPhotos } from '../support/demo-photos.js';
import { lacksShared, sharedPath } from '../support/shared-material.js';

const { photos: drawn, scratch } = demoPhotos(240);
/** A thousand real photos where they are at hand; the pictures in the README are always the drawn ones. */
const real = lacksShared('photos/dev/images') ? undefined : sharedPath('photos/dev/images');

const WEB = fileURLToPath(new URL('../../dist/web', import.meta.url));
/** `UPDATE_SCREENSHOTS=1` renews what the documentation shows. */
const IMAGES = process.env['UPDATE_SCREENSHOTS']
  ? fileURLToPath(new URL('../../docs/images/', import.meta.url))
  : `${scratch}/images/`;
const DESKTOP = { width: 1280, height: 860 };
const PHONE = { width: 390, height: 844 };

interface Served {
  readonly engine: SearchEngine;
  readonly server: RunningServer;
}

async function serve(dataDir: string, paths: readonly string[]): Promise<Served> {
  const engine = await openEngine({ dataDir });
  if (paths.length > 0) await engine.ingest(paths);
  const app = createApp(engine, { version: '0.0.0', webFolder: WEB });
  return { engine, server: await listen(app, '127.0.0.1', 0) };
}

async function stop({ engine, server }: Served): Promise<void> {
  await server.close();
  await engine.close();
}

/** File names of the first photos shown, in order: how many are drawn depends on the screen, and more follow by themselves. */
const shown = (page: Page): Promise<string[]> =>
  page
    .getByTestId('photo')
    .evaluateAll((tiles) =>
      tiles.map((tile) => tile.querySelector('button')?.getAttribute('aria-label') ?? ''),
    )
    .then((labels) => labels.slice(0, 20).map((label) => label.replace(/^Open /, '')));

async function search(page: Page, words: string): Promise<void> {
  const answer = page.waitForResponse((response) => /\/api\/search(\/stream)?$/.test(response.url()));
  await page.getByRole('combobox', { name: 'Search your photos' }).fill(words);
  await page.getByRole('combobox', { name: 'Search your photos' }).press('Enter');
  await answer;
  await page.getByTestId('photo').first().waitFor();
}

describe.skipIf(lacksChromium())('the search page', () => {
  let browser: Browser;
  let context: BrowserContext;
  let page: Page;
  let served: Served;
  let demo: Served;
  let empty: Served;
  const complaints: string[] = [];

  beforeAll(async () => {
    mkdirSync(IMAGES, { recursive: true });
    browser = await launchChromium();
    demo = await serve(join(scratch, 'demo-library'), [drawn]);
    served = real === undefined ? demo : await serve(join(scratch, 'library'), [real]);
    empty = await serve(join(scratch, 'empty-library'), []);
  });
  afterAll(async () => {
    await browser.close();
    for (const one of new Set([served, demo, empty])) await stop(one);
  });

  const visit = async (to: Served, viewport = DESKTOP, path = '/'): Promise<void> => {
    context = await browser.newContext({ viewport });
    page = await context.newPage();
    page.on('pageerror', (error) => complaints.push(error.message));
    page.on('console', (message) => {
      if (message.type() === 'error') complaints.push(message.text());
    });
    page.on('request', (request) => {
      const { protocol, origin } = new URL(request.url());
      if (protocol.startsWith('http') && origin !== to.server.url)
        complaints.push(`foreign request: ${request.url()}`);
    });
    await page.goto(to.server.url + path);
  };

  beforeEach(() => {
    complaints.length = 0;
  });
  afterEach(async () => {
    await context?.close();
    expect(complaints).toEqual([]);
  });

  it('finds photos by words, more like one of them, and the way back', async () => {
    await visit(served);
    await search(page, 'two dogs playing in the snow');
    const first = await shown(page);
    expect(first.length).toBe(20);
    expect(await page.getByRole('status').first().textContent()).toMatch(/^\d+ of [\d,]+ photos, /);

    const tile = page.getByTestId('photo').first();
    await tile.hover();
    const answer = page.waitForResponse((response) => /\/api\/search(\/stream)?$/.test(response.url()));
    await tile.getByRole('button', { name: 'More like this' }).click();
    await answer;
    await expect.poll(() => shown(page)).not.toEqual(first);
    const alike = await shown(page);
    expect(alike).not.toContain(first[0]);

    await page.goBack();
    await expect.poll(() => shown(page)).toEqual(first);
    expect(page.url()).toContain('?q=two+dogs');
  });

  it('finds an uploaded picture first', async () => {
    const folder = real ?? drawn;
    const name = readdirSync(folder).find((file) => file.endsWith('.jpg')) as string;
    await visit(served);
    const answer = page.waitForResponse((response) => response.url().endsWith('/api/search/image'));
    await page.getByTestId('picture-input').setInputFiles(join(folder, name));
    expect((await answer).status()).toBe(200);
    await expect.poll(async () => (await shown(page))[0]).toBe(basename(name));
    expect(await page.getByTestId('picture-chip').isVisible()).toBe(true);
  });

  it('says what is wrong with an upload that is no picture', async () => {
    await visit(served);
    const file = { name: 'x.jpg', mimeType: 'image/jpeg', buffer: Buffer.from('no picture at all') };
    await page.getByTestId('picture-input').setInputFiles(file);
    await page.getByRole('alert').waitFor();
    expect(await page.getByRole('alert').textContent()).toContain('cannot be decoded');
    // The browser itself reports the refusal on its console; the page handled it.
    expect(complaints.splice(0)).toEqual([expect.stringContaining('422')]);
  });

  it('opens a photo large, steps to the next one, and closes, by keyboard', async () => {
    await visit(served);
    await search(page, 'water');
    await page.getByTestId('photo').first().getByRole('button').first().click();
    const dialog = page.getByRole('dialog');
    await dialog.waitFor();
    expect(await dialog.textContent()).toMatch(/(?<!\d)1 of \d+/);
    await page.keyboard.press('ArrowRight');
    await expect.poll(() => dialog.textContent()).toMatch(/(?<!\d)2 of \d+/);
    await page.keyboard.press('Escape');
    await expect.poll(() => dialog.isVisible()).toBe(false);
    // The keyboard is back at the photo that was open last, and a slash takes it to the search box.
    const focused = (): Promise<string> =>
      page.evaluate<string>('document.activeElement.id || document.activeElement.name');
    await expect.poll(focused).toMatch(/^photo-/);
    await page.waitForTimeout(100);
    await page.keyboard.press('/');
    await expect.poll(focused).toBe('q');
  });

  it('reads closely: photos are there at once, and settle into another order', async () => {
    await visit(demo, DESKTOP, '/?q=a+boat+to+the+left+of+a+lighthouse');
    await page.getByTestId('photo').first().waitFor();
    const before = await shown(page);
    await page.getByRole('checkbox', { name: 'Read closely' }).check();
    await expect
      .poll(() => page.getByRole('status').first().textContent(), { timeout: 30_000 })
      .toMatch(/read \d+ (of \d+ )?closely$/);
    expect(page.url()).toContain('read=closely');
    const after = await shown(page);
    // Deeper than a page: photos from behind it may have come in.
    expect(after).not.toEqual(before);
    expect(after.filter((name) => before.includes(name)).length).toBeGreaterThan(0);
    await page.waitForLoadState('networkidle');
    await page.screenshot({ path: `${IMAGES}read-closely.png` });
    await page.reload();
    await expect.poll(() => page.getByRole('checkbox', { name: 'Read closely' }).isChecked()).toBe(true);
  });

  it('shows why a photo was found, and where a word is in it', async () => {
    await visit(served);
    await search(page, 'two dogs playing in the snow');
    await page.getByTestId('photo').first().getByRole('button').first().click();
    await page.getByRole('button', { name: 'Why this photo?' }).click();
    const heat = page.getByTestId('heat');
    await heat.waitFor();
    const picture = (): Promise<Buffer> => heat.screenshot();
    const whole = await picture();
    await page.getByRole('button', { name: 'dogs', exact: true }).hover();
    await expect.poll(async () => whole.equals(await picture())).toBe(false);
    await page.getByRole('button', { name: 'snow', exact: true }).focus();
    await page.waitForLoadState('networkidle');
    await page.keyboard.press('ArrowRight');
    await heat.waitFor();
    await page.getByRole('button', { name: 'Why this photo?' }).click();
    await expect.poll(() => heat.count()).toBe(0);
  });

  it('looks up captions', async () => {
    await visit(demo);
    await page.getByTestId('picture-input').setInputFiles(join(drawn, 'scene-012.jpg'));
    await page.getByTestId('photo').first().waitFor();
    await page.getByRole('radio', { name: 'Captions' }).check();
    await page.getByTestId('caption').first().waitFor();
    // Captions that say the same are folded into one.
    const folded = await page.locator('.caption-alike li').count();
    expect((await page.getByTestId('caption').count()) + folded).toBe(60);
  });

  it('tells what to do in an empty library', async () => {
    await visit(empty);
    await page.getByRole('heading', { name: 'Your library is empty' }).waitFor();
    expect(await page.textContent('body')).toContain('npm start -- ~/Pictures');
  });

  it('fits a phone', async () => {
    await visit(demo, PHONE);
    await search(page, 'boats on the sea');
    const overflow = (): Promise<number> =>
      page.evaluate<number>('document.documentElement.scrollWidth - document.documentElement.clientWidth');
    await expect.poll(overflow).toBeLessThanOrEqual(0);
    await page.waitForLoadState('networkidle');
    await page.screenshot({ path: `${IMAGES}phone.png` });
  });

  it('shows why as the documentation shows it', async () => {
    await visit(demo);
    await search(page, 'boats on the sea');
    await page.getByTestId('photo').first().getByRole('button').first().click();
    await page.getByRole('button', { name: 'Why this photo?' }).click();
    await page.getByTestId('heat').waitFor();
    await page.getByRole('button', { name: 'sea', exact: true }).hover();
    await page.waitForLoadState('networkidle');
    // Where the demo lies on this machine is nobody's business.
    await page.evaluate(
      "document.querySelector('.details-facts > div:last-child dd').textContent = 'photos/demo.jpg'",
    );
    await page.screenshot({ path: `${IMAGES}why-this-photo.png` });
  });

  it('looks as the documentation shows it', async () => {
    await visit(demo);
    await search(page, 'boats on the sea');
    await page.waitForLoadState('networkidle');
    await page.screenshot({ path: `${IMAGES}search-page.png` });
    const loaded = await page
      .getByTestId('photo')
      .locator('img')
      .evaluateAll(
        (images) =>
          images.filter((image) => 'naturalWidth' in image && Number(image.naturalWidth) > 0).length,
      );
    expect(loaded).toBeGreaterThan(5);
  });
});
