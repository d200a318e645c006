/** The page as people see it, against small references: `UPDATE_SCREENSHOTS=1` renews them. */
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { lacksChromium } from '../support/chromium.js';
import { livedInLibrary } from '../support/lived-in-library.js';
import { looksLike, SAME_LOOKS } from '../support/looks.js';
import { DESKTOP, PHONE, visitor } from '../support/visitor.js';

/** Views whose pictures do not depend on what the model finds alike, which differs in the last digit among processors. */
const VIEWS = [
  ['welcome', '/', 'text=ready to search'],
  ['captions', '/?kind=caption', 'text=Drop a picture here'],
  ['library', '/?view=library', '[data-testid=contents]'],
] as const;

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
    for (const [name, path, complete] of VIEWS) {
      await page.goto(library.server.url + path);
      await page.locator(complete).first().waitFor();
      await page.waitForLoadState('networkidle');
      // Where the library lies, how long an answer took, and what is alike is another thing on every machine.
      await page.evaluate("for (const told of document.querySelectorAll('.summary')) told.textContent = ''");
      const looks = await looksLike(`${name}-${screen.name}-${scheme}`, await page.screenshot());
      expect(looks.different, join(name, screen.name, scheme)).toBeLessThanOrEqual(SAME_LOOKS);
    }
  });
});
