import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createApp, listen, type RunningServer } from '#src/api/mod.js';
import { KeyRing } from '#src/engine/mod.js';
import { lacksChromium, launchChromium } from '../support/chromium.js';
import { servedLibrary, WEB_FOLDER } from '../support/served-library.js';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const DESKTOP = { width: 1280, height: 860 };
const PHONE = { width: 360, height: 780 };

interface Violation {
  readonly id: string;
  readonly nodes: readonly { readonly html: string }[];
}

describe.skipIf(lacksChromium())('the views of the page', () => {
  const library = servedLibrary(240);
  let browser: Browser;
  let context: BrowserContext;
  let page: Page;
  const complaints: string[] = [];

  beforeAll(async () => {
    browser = await launchChromium();
  });
  afterAll(() => browser.close());
  beforeEach(() => {
    complaints.length = 0;
  });
  afterEach(async () => {
    await context.close();
    expect(complaints).toEqual([]);
  });

  const visit = async (
    path: string,
    viewport = DESKTOP,
    colorScheme: 'light' | 'dark' = 'light',
    server: RunningServer = library.server,
  ): Promise<void> => {
    // Things that still move have other colours than they will have.
    context = await browser.newContext({ viewport, colorScheme, reducedMotion: 'reduce' });
    page = await context.newPage();
    page.on('pageerror', (error) => complaints.push(error.message));
    page.on('console', (message) => {
      if (message.type() === 'error') complaints.push(message.text());
    });
    page.on('request', (request) => {
      const { protocol, origin } = new URL(request.url());
      if (protocol.startsWith('http') && origin !== server.url) complaints.push(`foreign: ${request.url()}`);
    });
    await page.goto(server.url + path);
  };

  /** What axe finds, colours and names and all. */
  const violations = async (): Promise<string[]> => {
    // The page's own policy lets no script in but its own, so axe comes in through the debugger.
    const found = await page.evaluate<{ violations: Violation[] }>(
      `${AXE}; axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'best-practice'] })`,
    );
    return found.violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`);
  };

  const openFirst = (): Promise<void> =>
    page.getByTestId('photo').first().getByRole('button').first().click();

  it.each(['light', 'dark'] as const)('have nothing that axe would find, in the %s', async (scheme) => {
    await visit('/', DESKTOP, scheme);
    await page.getByText('ready to search').waitFor();
    expect(await violations()).toEqual([]);
    await page.goto(`${library.server.url}/?q=boats&not=night`);
    await page.getByTestId('photo').first().waitFor();
    expect(await violations()).toEqual([]);
    await openFirst();
    await page.getByRole('complementary', { name: 'Details' }).getByText('Similar photos').waitFor();
    expect(await violations()).toEqual([]);
    await page.goto(`${library.server.url}/?q=boats&kind=caption`);
    await page.getByTestId('caption').first().waitFor();
    expect(await violations()).toEqual([]);
    await page.goto(`${library.server.url}/?view=library`);
    await page.getByText('in use').waitFor();
    expect(await violations()).toEqual([]);
  });

  it('draw only what is near the screen, and go on as one scrolls', async () => {
    await visit('/?q=a+scene');
    await page.getByTestId('photo').first().waitFor();
    const summary = (): Promise<string | null> => page.getByRole('status').first().textContent();
    const last = async (): Promise<number> => {
      await page.evaluate('scrollTo(0, document.documentElement.scrollHeight)');
      return Number(/^\d+/.exec((await summary()) ?? '')?.[0]);
    };
    await expect.poll(last, { timeout: 30_000 }).toBeGreaterThanOrEqual(180);
    expect(await page.getByTestId('photo').count()).toBeLessThan(150);
  });

  it('leave out what is not wanted, sort, and keep both in the address', async () => {
    await visit('/?q=boats');
    await page.getByTestId('photo').first().waitFor();
    const answer = page.waitForRequest((request) => request.url().includes('/api/search'));
    await page.getByRole('textbox', { name: 'Leave out' }).fill('night');
    await page.keyboard.press('Enter');
    expect((await answer).postDataJSON()).toMatchObject({ query: 'boats', not: [{ text: 'night' }] });
    await expect.poll(() => page.url()).toContain('not=night');
    await page.getByRole('combobox', { name: 'Sort' }).selectOption('newest');
    await expect.poll(() => page.url()).toContain('sort=newest');
    await page.getByRole('button', { name: 'No longer leave out night' }).click();
    await expect.poll(() => page.url()).not.toContain('not=');
  });

  it('tell what is known about a photo, and lead to others like it', async () => {
    await visit('/?q=boats');
    await openFirst();
    const details = page.getByRole('complementary', { name: 'Details' });
    await details.getByText('Captions').waitFor();
    expect(await details.textContent()).toMatch(/640 × 480, \d+ kB/);
    await details.getByRole('list').getByRole('button').first().click();
    await expect.poll(() => page.url()).toContain('like=');
  });

  it('tell about the library', async () => {
    await visit('/');
    await page.getByRole('link', { name: 'Library' }).click();
    const view = page.getByTestId('library');
    await view.waitFor();
    await expect.poll(() => view.textContent()).toContain('in use');
    expect(await view.textContent()).toContain('240');
    await page.goBack();
    await page.getByRole('heading', { name: 'Find the photo' }).waitFor();
  });

  it.each(['/', '/?q=boats&not=night', '/?view=library'])('fit 360 pixels: %s', async (path) => {
    await visit(path, PHONE);
    await page.waitForLoadState('networkidle');
    const overflow = 'document.documentElement.scrollWidth - document.documentElement.clientWidth';
    expect(await page.evaluate<number>(overflow)).toBeLessThanOrEqual(0);
  });

  it('ask for a key where the library is private, and then know who it is', async () => {
    const keys = new KeyRing(join(library.scratch, 'library'));
    const key = keys.add('browser', 'read');
    const app = createApp(library.engine, { version: '0', webFolder: WEB_FOLDER, keys, anonymous: null });
    await using server = await listen(app, '127.0.0.1', 0);
    await visit('/', DESKTOP, 'light', server);
    await page.getByLabel('Key').fill(key);
    await page.getByRole('button', { name: 'Open' }).click();
    await page.getByText('ready to search').waitFor();
    await page.goto(`${server.url}/?q=boats`);
    await page.getByTestId('photo').first().waitFor();
    // The browser itself tells of the refusals before the key was there.
    for (const complaint of complaints.splice(0)) expect(complaint).toContain('401');
    await context.close();
  });
});
