import { describe, expect, it } from 'vitest';
import { createApp, listen } from '#src/api/mod.js';
import { lacksChromium } from '../support/chromium.js';
import { servedLibrary, WEB_FOLDER } from '../support/served-library.js';
import { visitor } from '../support/visitor.js';

const CONTROLLED =
  'navigator.serviceWorker.ready.then(() => caches.open("shell")).then((shell) => shell.keys()).then((keys) => keys.map(({ url }) => new URL(url).pathname))';

describe.skipIf(lacksChromium())('the installed page', () => {
  const library = servedLibrary(12);
  const somebody = visitor();

  it('keeps its shell and nothing else, and opens while its server is away', async () => {
    const app = createApp(library.engine, { version: '0', webFolder: WEB_FOLDER });
    const server = await listen(app, '127.0.0.1', 0);
    const page = await somebody.visit(`${server.url}/?q=boats`);
    await page.getByTestId('photo').first().waitFor();
    const kept = await page.evaluate<string[]>(CONTROLLED);
    expect(kept).toContain('/');
    expect(kept.filter((path) => path.startsWith('/assets/'))).toHaveLength(2);
    expect(kept.filter((path) => /api|thumbnail|original/.test(path))).toEqual([]);

    await server.close();
    await page.goto(`${server.url}/`);
    await page.getByRole('heading', { name: 'Find the photo' }).waitFor();
    await page.getByRole('combobox', { name: 'Search your photos' }).fill('boats');
    await page.getByText('Sightline does not answer').waitFor();
    // The browser itself tells of what it could not reach.
    for (const complaint of somebody.complaints.splice(0))
      expect(complaint).toContain('ERR_CONNECTION_REFUSED');
  });
});
