import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { createApp, listen } from '#src/api/mod.js';
import { KeyRing, openEngine } from '#src/engine/mod.js';
import { lacksChromium } from '../support/chromium.js';
import { livedInLibrary } from '../support/lived-in-library.js';
import { WEB_FOLDER } from '../support/served-library.js';
import { DESKTOP, type Screen, visitor } from '../support/visitor.js';

const NARROW: Screen = { name: 'narrow', width: 360, height: 780, touch: true };
const WALL: Screen = { name: 'wall', width: 3840, height: 2160, touch: false };

/** Every view, and what is there when it is complete. */
const VIEWS = [
  ['/', 'text=ready to search'],
  ['/?q=boats&not=night&with=2*red+sky&like=3&filter=ext:jpg', '[data-testid=photo]'],
  ['/?kind=caption', 'text=Drop a picture here'],
  ['/?q=a+red+car&kind=caption', '[data-testid=caption-alike]'],
  ['/?like=5&kind=caption', '[data-testid=caption]'],
  ['/?q=taken%3E2024-13-01', 'role=alert'],
  ['/?filter=rating%3E4', 'text=Nothing here shows that'],
  ['/?view=library', 'text=in use'],
  ['/?view=duplicates', '[data-testid=group]'],
] as const;

describe.skipIf(lacksChromium())('the views of the page', () => {
  const library = livedInLibrary(90);
  const somebody = visitor();

  const visit = (path: string, screen = DESKTOP, scheme: 'light' | 'dark' = 'light'): Promise<Page> =>
    somebody.visit(library.server.url + path, { screen, scheme });
  const openFirst = (page: Page): Promise<void> =>
    page.getByTestId('photo').first().getByRole('button').first().click();
  /** A refused condition is told by the browser as well. */
  const forgiveRefusals = (): void => {
    const { complaints } = somebody;
    complaints.splice(0, Infinity, ...complaints.filter((complaint) => !complaint.includes('400')));
  };

  it.each(['light', 'dark'] as const)('have nothing that axe would find, in the %s', async (scheme) => {
    const page = await visit('/', DESKTOP, scheme);
    for (const [path, complete] of VIEWS) {
      await page.goto(library.server.url + path);
      await page.locator(complete).first().waitFor();
      expect(await somebody.violations(), path).toEqual([]);
    }
    await page.goto(`${library.server.url}/?q=boats`);
    await page.getByRole('combobox', { name: 'Search your photos' }).fill('boats camera:');
    await page.getByRole('option').first().waitFor();
    expect(await somebody.violations(), 'completions').toEqual([]);
    await page.getByRole('button', { name: 'Use the camera' }).click();
    await page.getByText('The camera cannot be used').waitFor();
    expect(await somebody.violations(), 'camera').toEqual([]);
    await page.keyboard.press('Escape');
    await openFirst(page);
    await page.getByRole('complementary', { name: 'Details' }).getByText('Similar photos').waitFor();
    await page.keyboard.press('+');
    expect(await somebody.violations(), 'viewer').toEqual([]);
    forgiveRefusals();
  });

  it.each([NARROW, WALL])('fit a screen of $width pixels', async (screen) => {
    const page = await visit('/', screen);
    for (const [path, complete] of VIEWS) {
      await page.goto(library.server.url + path);
      await page.locator(complete).first().waitFor();
      expect(await somebody.overflow(), path).toBeLessThanOrEqual(0);
    }
    forgiveRefusals();
  });

  it('draw only what is near the screen, and go on as one scrolls', async () => {
    const page = await visit('/?q=a+scene');
    await page.getByTestId('photo').first().waitFor();
    const last = async (): Promise<number> => {
      await page.evaluate('scrollTo(0, document.documentElement.scrollHeight)');
      const summary = await page.getByRole('status').first().textContent();
      return Number(/^\d+/.exec(summary ?? '')?.[0]);
    };
    await expect.poll(last, { timeout: 30_000 }).toBeGreaterThan(60);
    // Passed over quickly and then looked at, a photo has all that belongs to it.
    await expect.poll(() => page.getByRole('button', { name: /^Open / }).count()).toBeGreaterThan(10);
    expect(await page.getByTestId('photo').count()).toBeLessThan(150);
  });

  it('keep the sorting and the leave-outs in the address', async () => {
    const page = await visit('/?q=boats&not=night');
    await page.getByTestId('photo').first().waitFor();
    await page.getByRole('combobox', { name: 'Sort' }).selectOption('newest');
    await expect.poll(() => page.url()).toContain('sort=newest');
    await page.getByRole('button', { name: 'No longer leave out night' }).click();
    await expect.poll(() => page.url()).not.toContain('not=');
  });

  it('tell what is known about a photo, and lead to others like it', async () => {
    const page = await visit('/?q=boats');
    await openFirst(page);
    const details = page.getByRole('complementary', { name: 'Details' });
    await details.getByText('Captions').waitFor();
    expect(await details.textContent()).toMatch(/640 × 480, \d+ kB/);
    await details.getByRole('list').getByRole('button').first().click();
    await expect.poll(() => page.url()).toContain('like=');
  });

  it('tell about the library, and let one go back', async () => {
    const page = await visit('/');
    await page.getByRole('link', { name: 'Library' }).click();
    const view = page.getByTestId('library');
    await expect.poll(() => view.textContent()).toContain('in use');
    expect(await view.textContent()).toContain('Files that could not be read');
    await page.goBack();
    await page.getByRole('heading', { name: 'Find the photo' }).waitFor();
  });

  it('say on the first visit what to do, in three steps', async () => {
    const engine = await openEngine({ dataDir: join(library.scratch, 'empty') });
    const app = createApp(engine, { version: '0', webFolder: WEB_FOLDER });
    await using server = await listen(app, '127.0.0.1', 0);
    const page = await somebody.visit(server.url, { permissions: ['clipboard-read', 'clipboard-write'] });
    await page.getByRole('heading', { name: 'Your library is empty' }).waitFor();
    expect(await page.locator('.step').count()).toBe(3);
    await page.getByRole('button', { name: 'Copy npm start -- ~/Pictures' }).click();
    await page.getByRole('button', { name: 'Copied' }).waitFor();
    expect(await page.evaluate<string>('navigator.clipboard.readText()')).toBe('npm start -- ~/Pictures');
    expect(await somebody.violations()).toEqual([]);
    await somebody.leave();
    await engine.close();
  });

  it('ask for a key where the library is private, and then know who it is', async () => {
    const keys = new KeyRing(join(library.scratch, 'library'));
    const key = keys.add('browser', 'read');
    const app = createApp(library.engine, { version: '0', webFolder: WEB_FOLDER, keys, anonymous: null });
    await using server = await listen(app, '127.0.0.1', 0);
    const page = await somebody.visit(server.url);
    await page.getByLabel('Key').fill(key);
    expect(await somebody.violations()).toEqual([]);
    await page.getByRole('button', { name: 'Open' }).click();
    await page.getByText('ready to search').waitFor();
    await page.goto(`${server.url}/?q=boats`);
    await page.getByTestId('photo').first().waitFor();
    // The browser itself tells of the refusals before the key was there.
    for (const complaint of somebody.complaints.splice(0)) expect(complaint).toContain('401');
    await somebody.leave();
  });
});
