/** The page as people see it, against small references: `UPDATE_SCREENSHOTS=1` renews them. */
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { lacksChromium } from '../support/chromium.js';
import { livedInLibrary } from '../support/lived-in-library.js';
import { looksLike, SAME_LOOKS } from '../support/looks.js';
import { DESKTOP, PHONE, visitor } from '../support/visitor.js';

interface View {
  readonly name: string;
  readonly path: string;
  /** What is there when it is complete. */
  readonly complete: string;
  readonly after?: (page: Page) => Promise<unknown>;
}

/** Views whose pictures do not depend on what the model finds alike, which differs in the last digit among processors. */
const VIEWS: readonly View[] = [
  { name: 'welcome', path: '/', complete: 'text=ready to search' },
  { name: 'captions', path: '/?kind=caption', complete: 'text=Drop a picture here' },
  { name: 'library', path: '/?view=library', complete: '[data-testid=contents]' },
  { name: 'duplicates', path: '/?view=duplicates', complete: '[data-testid=group] img' },
  { name: 'photos', path: '/?filter=camera:"Leica+Q2"', complete: '[data-testid=photo]' },
  {
    name: 'photo',
    path: '/?filter=camera:"Leica+Q2"',
    complete: '[data-testid=photo]',
    after: async (page) => {
      await page.locator('.photo-open').first().click();
      await page.locator('.viewed-original.loaded').waitFor();
    },
  },
];

/** Where the library lies, how long an answer took, and what is alike is another thing on every machine. */
const FORGET =
  "for (const told of document.querySelectorAll('.summary, .member-folder, .similar')) told.textContent = ''";

describe.skipIf(lacksChromium())('the page looks as it should', () => {
  const library = livedInLibrary(40);
  const somebody = visitor();

  const SCENES = [
    { screen: DESKTOP, scheme: 'light' },
    { screen: DESKTOP, scheme: 'dark' },
    { screen: PHONE, scheme: 'light' },
  ] as const;
  it.each(SCENES)('on a $screen.name in the $scheme', async ({ screen, scheme }) => {
    const page = await somebody.visit(library.server.url, { screen, scheme });
    for (const { name, path, complete, after } of VIEWS) {
      await page.goto(library.server.url + path);
      await page.locator(complete).first().waitFor();
      await after?.(page);
      await page.waitForLoadState('networkidle');
      await page.evaluate(FORGET);
      const looks = await looksLike(`${name}-${screen.name}-${scheme}`, await page.screenshot());
      expect(looks.different, join(name, screen.name, scheme)).toBeLessThanOrEqual(SAME_LOOKS);
    }
  });
});
