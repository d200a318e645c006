/** One visit to the search page, in a browser of its own. */
import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import type { CDPSession, Page } from 'playwright-core';
import { drawDemoCollection } from '../../data/demo/mod.js';
import { createApp, listen } from '../../src/api/mod.js';
import { openEngine } from '../../src/engine/mod.js';
import { launchChromium } from '../chromium.js';
import { percentile } from '../statistics.js';
import { temporaryFolder } from '../temporary-folder.js';
import { trial } from '../trial.js';

export interface Frames {
  /** A second. */
  readonly rate: number;
  /** Milliseconds. */
  readonly p95: number;
  /** Share of the frames that took longer than two of a display's. */
  readonly late: number;
  /** Share of the time. */
  readonly busy: number;
  /** Photos in the document, at the most. */
  readonly tiles: number;
}

export interface PageResult {
  readonly scriptBytes: number;
  /** Milliseconds. */
  readonly firstPaint: number;
  readonly firstResults: number;
  readonly wheel: Frames;
  readonly drag: Frames;
}

export interface PageTrial {
  readonly input: { readonly hits: number };
  readonly result: PageResult;
}

const WEB = fileURLToPath(new URL('../../web/', import.meta.url));
const SCENES = 120;
const SCREEN = { width: 1280, height: 860 };
const TWO_FRAMES = 34;
/** Pixels a second: as fast as fingers throw a page. */
const SPEED = 6000;
const DISTANCE = 24_000;
const DRAGS = 120;
const SEARCH = '/api/search/stream';

interface Hit {
  readonly id: number;
}

interface SearchEvent {
  readonly stage: string;
  readonly answer: { readonly hits: readonly Hit[]; readonly next: string | null };
}

async function scriptBytes(): Promise<number> {
  const folder = join(WEB, 'assets');
  const scripts = (await readdir(folder)).filter((name) => name.endsWith('.js'));
  const sizes = await Promise.all(
    scripts.map(async (name) => gzipSync(await readFile(join(folder, name))).length),
  );
  return sizes.reduce((sum, size) => sum + size, 0);
}

/** Notes the frame in which the first photo stands. There from the start: who looks later sees it later. */
const NOTE_FIRST = `new MutationObserver((_changes, observer) => {
  if (!document.querySelector('.photo')) return;
  observer.disconnect();
  requestAnimationFrame(() => { window.firstPhoto = performance.now(); });
}).observe(document, { childList: true, subtree: true })`;

/** From the end of the answer to that frame. */
const FIRST_RESULTS = `new Promise((resolve) => {
  const look = () => {
    const answer = performance.getEntriesByType('resource').find(({ name }) => name.endsWith('${SEARCH}'));
    if (window.firstPhoto && answer) resolve(window.firstPhoto - answer.responseEnd);
    else requestAnimationFrame(look);
  };
  look();
})`;

const FIRST_PAINT = `new Promise((resolve) => {
  new PerformanceObserver((list) => {
    const [paint] = list.getEntriesByName('first-contentful-paint');
    if (paint) resolve(paint.startTime);
  }).observe({ type: 'paint', buffered: true });
})`;

/** Notes each frame and how many photos are drawn, until it is told to stop. */
const WATCH = `window.watched = { times: [], tiles: 0, on: true };
requestAnimationFrame(function look(time) {
  watched.times.push(time);
  watched.tiles = Math.max(watched.tiles, document.querySelectorAll('.photo').length);
  if (watched.on) requestAnimationFrame(look);
})`;

async function busySeconds(devtools: CDPSession): Promise<number> {
  const { metrics } = await devtools.send('Performance.getMetrics');
  return metrics.find(({ name }) => name === 'TaskDuration')?.value ?? Number.NaN;
}

async function watched(page: Page, devtools: CDPSession, act: () => Promise<unknown>): Promise<Frames> {
  await page.evaluate(WATCH);
  const before = await busySeconds(devtools);
  await act();
  const busy = (await busySeconds(devtools)) - before;
  const { times, tiles } = await page.evaluate<{ times: number[]; tiles: number }>(
    '(watched.on = false, watched)',
  );
  const frames = times.slice(1).map((time, place) => time - (times[place] as number));
  const seconds = frames.reduce((sum, frame) => sum + frame, 0) / 1000;
  return {
    rate: frames.length / seconds,
    p95: percentile(frames, 0.95),
    late: frames.filter((frame) => frame > TWO_FRAMES).length / frames.length,
    busy: busy / seconds,
    tiles,
  };
}

/** Every frame somewhere else, from one end to the other and back, as with a scroll bar in the hand. */
const DRAG = `new Promise((resolve) => {
  const end = document.documentElement.scrollHeight - innerHeight;
  let step = 0;
  requestAnimationFrame(function move() {
    scrollTo(0, end * (1 - Math.abs(1 - (2 * step) / ${DRAGS})));
    if (step++ < ${DRAGS}) requestAnimationFrame(move);
    else resolve();
  });
})`;

trial<PageTrial>(async ({ hits }) => {
  await using place = await temporaryFolder();
  const photos = join(place.path, 'photos');
  await drawDemoCollection(photos, { count: SCENES });
  const engine = await openEngine({ dataDir: join(place.path, 'library') });
  await engine.ingest([photos]);
  const server = await listen(createApp(engine, { version: '0', webFolder: WEB }), '127.0.0.1', 0);
  const browser = await launchChromium();
  try {
    // What answers in place of the server must not be asked in vain by a service worker.
    const context = await browser.newContext({ viewport: SCREEN, serviceWorkers: 'block' });
    const page = await context.newPage();
    await page.addInitScript(NOTE_FIRST);
    await page.goto(`${server.url}/?q=a+boat+on+the+sea`);
    const firstResults = await page.evaluate<number>(FIRST_RESULTS);
    const firstPaint = await page.evaluate<number>(FIRST_PAINT);

    await page.route(`**${SEARCH}`, async (route) => {
      const events = (await (await route.fetch()).text()).trim().split('\n\n');
      const last = JSON.parse((events.at(-1) ?? '').slice('data: '.length)) as SearchEvent;
      const many = Array.from({ length: hits }, (_, index) => ({
        ...(last.answer.hits[index % last.answer.hits.length] as Hit),
        id: index + 1,
      }));
      const event = { ...last, answer: { ...last.answer, hits: many, next: null } };
      await route.fulfill({
        contentType: 'text/event-stream',
        body: `data: ${JSON.stringify(event)}\n\n`,
      });
    });
    await page.goto(`${server.url}/?q=photo`);
    await page.locator('.photo').first().waitFor();
    await page.waitForLoadState('networkidle');
    const devtools = await context.newCDPSession(page);
    await devtools.send('Performance.enable');
    const wheel = await watched(page, devtools, () =>
      devtools.send('Input.synthesizeScrollGesture', {
        x: SCREEN.width / 2,
        y: SCREEN.height / 2,
        yDistance: -DISTANCE,
        speed: SPEED,
        preventFling: true,
        gestureSourceType: 'mouse',
      }),
    );
    const drag = await watched(page, devtools, () => page.evaluate(DRAG));
    return { scriptBytes: await scriptBytes(), firstPaint, firstResults, wheel, drag };
  } finally {
    await browser.close();
    await server.close();
    await engine.close();
  }
});
