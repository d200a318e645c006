/** The ten things that people do with the page, by mouse and keyboard on a desk, and by fingers on a phone. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Locator, Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { lacksChromium } from '../support/chromium.js';
import { livedInLibrary } from '../support/lived-in-library.js';
import { DESKTOP, PHONE, visitor } from '../support/visitor.js';

const SEARCHED = /\/api\/search(?:\/stream|\/image)?$/;

describe.skipIf(lacksChromium()).each([DESKTOP, PHONE])('people on a $name', (screen) => {
  const library = livedInLibrary(48);
  const somebody = visitor();

  const visit = (path: string, permissions: readonly string[] = []): Promise<Page> =>
    somebody.visit(library.server.url + path, { screen, permissions });
  const press = (target: Locator): Promise<void> => (screen.touch ? target.tap() : target.click());
  const line = (page: Page): Locator => page.getByRole('combobox', { name: 'Search your photos' });
  const photos = (page: Page): Locator => page.getByTestId('photo');

  /** Paths of the photos shown, in their order. */
  const names = (page: Page): Promise<string[]> =>
    photos(page)
      .locator('.photo-open')
      .evaluateAll((tiles) => tiles.map((tile) => tile.getAttribute('aria-label') ?? ''));

  /** What the page asked the server while something was done. */
  const asked = async (page: Page, act: () => Promise<unknown>): Promise<Record<string, unknown>> => {
    const request = page.waitForRequest((sent) => SEARCHED.test(sent.url()));
    await act();
    const sent = await request;
    await sent.response();
    return sent.headers()['content-type']?.startsWith('application/json')
      ? (sent.postDataJSON() as Record<string, unknown>)
      : {};
  };
  const scene = (number: number): string =>
    join(library.scenes, `scene-${String(number).padStart(3, '0')}.jpg`);

  it('describe what they look for, share it, and find their way back', async () => {
    const page = await visit('/');
    await line(page).fill('a boat on the sea');
    await photos(page).first().waitFor();
    expect(page.url()).toContain('?q=a+boat+on+the+sea');
    const first = await names(page);
    await line(page).fill('a red car');
    await line(page).press('Enter');
    await expect.poll(() => names(page)).not.toEqual(first);
    await page.goto(`${library.server.url}/?q=a+boat+on+the+sea`);
    await expect.poll(() => names(page)).toEqual(first);
    await page.goBack();
    await expect.poll(() => line(page).inputValue()).toBe('a red car');
  });

  it('narrow it down by conditions, which are completed and become chips', async () => {
    const page = await visit('/?q=a+picture');
    await photos(page).first().waitFor();
    await line(page).fill('a picture came');
    await press(page.getByRole('option', { name: /^camera/ }));
    expect(await line(page).inputValue()).toBe('a picture camera:');
    await page.getByRole('option', { name: /Leica/ }).waitFor();
    const request = await asked(page, async () => {
      await line(page).press('ArrowDown');
      await line(page).press('Enter');
    });
    expect(request).toMatchObject({ query: 'a picture', filter: '(camera:"Leica Q2")' });
    await expect.poll(() => names(page)).toEqual(['Open told.jpg']);
    const chip = page.getByTestId('filter-chip');
    expect(await chip.textContent()).toBe('camera:"Leica Q2"');
    expect(new URL(page.url()).searchParams.get('filter')).toBe('camera:"Leica Q2"');
    await press(chip.getByRole('button'));
    await expect.poll(async () => (await names(page)).length).toBeGreaterThan(1);
    // A condition alone is a search, too, and a wrong one is explained.
    await line(page).fill('taken>2024-13-01');
    await line(page).press('Enter');
    expect(await page.getByRole('alert').textContent()).toContain('2024-01-13');
    expect(somebody.complaints.splice(0)).toEqual([expect.stringContaining('400')]);
  });

  it('search with pictures: chosen, dropped, pasted', async () => {
    const page = await visit('/');
    await page.getByTestId('picture-input').first().setInputFiles(scene(5));
    await expect.poll(async () => (await names(page))[0]).toBe('Open scene-005.jpg');
    const give = (type: 'drop' | 'paste', file: string): Promise<unknown> =>
      page.evaluate(`(() => {
        const bytes = Uint8Array.from(atob(${JSON.stringify(readFileSync(file).toString('base64'))}), (one) => one.charCodeAt(0));
        const data = new DataTransfer();
        data.items.add(new File([bytes], 'given.jpg', { type: 'image/jpeg' }));
        dispatchEvent(${type === 'drop' ? "new DragEvent('drop', { dataTransfer: data })" : "new ClipboardEvent('paste', { clipboardData: data })"});
      })()`);
    await give('drop', scene(7));
    await expect.poll(() => page.getByTestId('picture-chip').count()).toBe(2);
    await give('paste', scene(9));
    await expect.poll(() => page.getByTestId('picture-chip').count()).toBe(3);
    // Each of them is a block of its own: without the first two, the last one is what is searched by.
    for (const left of [2, 1]) {
      await press(
        page
          .getByTestId('picture-chip')
          .first()
          .getByRole('button', { name: /^Remove/ }),
      );
      await expect.poll(() => page.getByTestId('picture-chip').count()).toBe(left);
    }
    await expect.poll(async () => (await names(page))[0]).toBe('Open scene-009.jpg');
  });

  it('build a query of blocks, and weigh them by keyboard and by dragging', async () => {
    const page = await visit('/?q=boats');
    await photos(page).first().waitFor();
    await page.getByRole('textbox', { name: 'Add words' }).fill('red sky');
    await asked(page, () => page.keyboard.press('Enter'));
    await page.getByRole('textbox', { name: 'Leave out' }).fill('night');
    const both = await asked(page, () => page.keyboard.press('Enter'));
    expect(both).toMatchObject({ query: 'boats', all: [{ text: 'red sky' }], not: [{ text: 'night' }] });
    const weight = page.getByRole('slider', { name: 'How much red sky counts' });
    await weight.focus();
    const heavier = await asked(page, () => page.keyboard.press('ArrowRight'));
    expect(heavier).toMatchObject({ all: [{ text: 'red sky', weight: 1.25 }] });
    expect(await weight.getAttribute('aria-valuetext')).toBe('counts 1.25 times');
    const box = (await weight.boundingBox()) as { x: number; y: number; width: number; height: number };
    const dragged = await asked(page, async () => {
      await page.mouse.move(box.x + box.width * 0.4, box.y + box.height / 2);
      await page.mouse.down();
      await page.mouse.move(box.x + box.width - 2, box.y + box.height / 2, { steps: 4 });
      await page.mouse.up();
    });
    expect(dragged).toMatchObject({ all: [{ text: 'red sky', weight: 3 }] });
    await expect.poll(() => new URL(page.url()).searchParams.get('with')).toBe('3*red sky');
    const turned = await asked(page, () => press(page.getByRole('button', { name: 'Leave out red sky' })));
    expect(turned['all']).toBeUndefined();
    const less = await asked(page, () =>
      press(page.getByRole('button', { name: 'No longer leave out night' })),
    );
    expect(less).toMatchObject({ not: [{ text: 'red sky', weight: 3 }] });
  });

  it('go on from a photo: like this, but otherwise', async () => {
    const page = await visit('/?q=boats');
    await press(photos(page).first().locator('.photo-open'));
    const id = Number(await photos(page).first().getAttribute('data-id'));
    await page.getByRole('textbox', { name: 'Like this, but' }).fill('at night');
    const request = await asked(page, () =>
      press(page.getByRole('button', { name: 'More like this' }).last()),
    );
    expect(request).toMatchObject({ query: 'at night', all: [{ imageId: id }] });
    await page.getByTestId('picture-chip').waitFor();
    // A second photo of the library joins the first.
    await press(photos(page).first().locator('.photo-open'));
    const joined = await asked(page, () => press(page.getByRole('button', { name: 'Add to the search' })));
    expect(joined['all']).toHaveLength(2);
  });

  it('look closer: zoom, turn the page, read what is known, and see where it was', async () => {
    const page = await visit('/?filter=camera:"Leica+Q2"&filter=ext:jpg');
    await press(photos(page).first().locator('.photo-open'));
    const dialog = page.getByRole('dialog', { name: 'Photo' });
    const details = page.getByRole('complementary', { name: 'Details' });
    if (screen.touch) await press(dialog.getByRole('button', { name: 'Details' }));
    await details.getByText('Leica Q2').waitFor();
    expect(await details.textContent()).toContain('ISO 400');
    const map = await details.getByRole('link', { name: 'Open in OpenStreetMap' }).getAttribute('href');
    expect(map).toMatch(/mlat=48\.13\d*&mlon=11\.56/);
    await page.keyboard.press('Escape');
    await expect.poll(() => dialog.count()).toBe(0);

    await page.goto(`${library.server.url}/?q=boats`);
    await press(photos(page).first().locator('.photo-open'));
    const scale = (): Promise<number> =>
      page
        .getByTestId('viewed')
        .evaluate(
          (photo) =>
            photo.getBoundingClientRect().width / (photo as unknown as { offsetWidth: number }).offsetWidth,
        );
    await page.getByTestId('viewed').waitFor();
    await page.keyboard.press('+');
    await expect.poll(scale).toBeCloseTo(1.5, 2);
    await page.keyboard.press('0');
    await expect.poll(scale).toBeCloseTo(1, 2);
    await page.getByTestId('viewed').dblclick();
    await expect.poll(scale).toBeCloseTo(2.5, 2);
    await press(dialog.getByRole('button', { name: 'Next photo' }));
    await expect.poll(() => dialog.textContent()).toMatch(/(?<!\d)2 of \d+/);
    await expect.poll(scale).toBeCloseTo(1, 2);
    await page.keyboard.press('ArrowLeft');
    await expect.poll(() => dialog.textContent()).toMatch(/(?<!\d)1 of \d+/);
    await page.keyboard.press('Escape');
    await expect.poll(() => page.evaluate<string>('document.activeElement.id')).toMatch(/^photo-/);
  });

  it('ask why a photo was found', async () => {
    const page = await visit('/?q=boats+on+the+sea');
    await press(photos(page).first().locator('.photo-open'));
    await press(page.getByRole('button', { name: 'Why this photo?' }));
    await page.getByTestId('heat').waitFor();
    const whole = await page.getByTestId('heat').screenshot();
    await page.getByRole('button', { name: 'sea', exact: true }).focus();
    await expect.poll(async () => whole.equals(await page.getByTestId('heat').screenshot())).toBe(false);
  });

  it('look up the captions that fit a picture', async () => {
    const page = await visit('/');
    await press(page.getByRole('link', { name: 'Captions' }));
    await page.getByRole('heading', { name: 'Find the words for a picture.' }).waitFor();
    await page.getByTestId('picture-input').last().setInputFiles(scene(9));
    await page.getByTestId('caption').first().waitFor();
    expect(await page.getByTestId('caption').first().textContent()).toMatch(/How (?:likely|well) it fits/);
    const group = page
      .getByTestId('caption')
      .filter({ hasText: /red car (?:is )?on (?:a|the) grey street/i });
    await group.first().waitFor();
    expect(await group.count()).toBe(1);
    await press(group.getByText('2 more say the same'));
    expect(await group.locator('.caption-alike li').count()).toBe(2);
    await press(page.getByTestId('caption').first().getByRole('button', { name: 'Find photos' }));
    await photos(page).first().waitFor();
    expect(page.url()).toContain('?q=');
  });

  it('review their duplicates', async () => {
    const page = await visit('/?view=library', screen.touch ? [] : ['clipboard-read', 'clipboard-write']);
    await press(page.getByRole('link', { name: 'Review' }));
    const groups = page.getByTestId('group');
    await groups.first().waitFor();
    expect(await groups.count()).toBe(1);
    expect(await groups.textContent()).toContain('copy-of-003.jpg');
    await press(groups.getByRole('button', { name: 'Copy the path of the other' }));
    if (!screen.touch)
      expect(await page.evaluate<string>('navigator.clipboard.readText()')).toMatch(
        /(?:copy-of|scene)-003\.jpg$/,
      );
    await page.getByRole('radio', { name: 'Same photo' }).check();
    const small = groups.filter({ hasText: 'small-004.webp' });
    await small.waitFor();
    // The larger one is the better one, and both can be looked at, one after the other.
    expect(await small.locator('.member').filter({ hasText: 'Best' }).textContent()).toContain('scene-004');
    await press(small.getByRole('button', { name: /^Open/ }).first());
    await expect.poll(() => page.getByRole('dialog').textContent()).toContain('1 of 2');
    await page.keyboard.press('ArrowRight');
    await expect.poll(() => page.getByRole('dialog').textContent()).toContain('2 of 2');
  });

  it('look after their library', async () => {
    const page = await visit('/?view=library');
    const failures = page.getByTestId('failures');
    await failures.getByText('damaged.jpg').waitFor();
    await press(failures.getByRole('button', { name: 'Try damaged.jpg again' }));
    await failures.getByText('0 of 1 could be read now').waitFor();
    await page.getByTestId('models').getByText('in use').waitFor();
    await press(page.getByTestId('contents').getByRole('button', { name: /Leica Q2/ }));
    await expect.poll(() => names(page)).toEqual(['Open told.jpg']);
  });
});
