/** Somebody who visits the page in a real browser, and complains about errors and about requests that leave the server. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect } from 'vitest';
import { launchChromium } from '../../bench/chromium.js';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'best-practice'];

export const DESKTOP: Screen = { name: 'desktop', width: 1280, height: 860, touch: false };
export const PHONE: Screen = { name: 'phone', width: 390, height: 844, touch: true };

export interface Screen {
  readonly name: string;
  readonly width: number;
  readonly height: number;
  /** Fingers instead of a mouse. */
  readonly touch: boolean;
}

export interface VisitOptions {
  readonly screen?: Screen;
  readonly scheme?: 'light' | 'dark';
  /** Things that still move look otherwise than they will; default true. */
  readonly still?: boolean;
  readonly permissions?: readonly string[];
}

interface Violation {
  readonly id: string;
  readonly nodes: readonly { readonly html: string }[];
}

export class Visitor {
  readonly complaints: string[] = [];
  #browser: Browser | undefined;
  #context: BrowserContext | undefined;
  #page: Page | undefined;

  get page(): Page {
    if (this.#page === undefined) throw new Error('Visit an address first.');
    return this.#page;
  }

  get context(): BrowserContext {
    if (this.#context === undefined) throw new Error('Visit an address first.');
    return this.#context;
  }

  async open(): Promise<void> {
    this.#browser = await launchChromium();
  }

  async close(): Promise<void> {
    await this.#browser?.close();
  }

  /** @param address of the server and the page: nothing may be asked of another origin */
  async visit(address: string, options: VisitOptions = {}): Promise<Page> {
    const { screen = DESKTOP, scheme = 'light', still = true, permissions = [] } = options;
    await this.leave();
    const { width, height, touch } = screen;
    this.#context = await (this.#browser as Browser).newContext({
      viewport: { width, height },
      hasTouch: touch,
      isMobile: touch,
      colorScheme: scheme,
      reducedMotion: still ? 'reduce' : 'no-preference',
      permissions: [...permissions],
    });
    const page = await this.#context.newPage();
    this.#page = page;
    page.on('pageerror', (error) => this.complaints.push(error.message));
    page.on('console', (message) => {
      if (message.type() === 'error') this.complaints.push(message.text());
    });
    const own = new URL(address).origin;
    page.on('request', (request) => {
      const { protocol, origin } = new URL(request.url());
      if (protocol.startsWith('http') && origin !== own) this.complaints.push(`foreign: ${request.url()}`);
    });
    await page.goto(address);
    return page;
  }

  async leave(): Promise<void> {
    await this.#context?.close();
    this.#context = undefined;
    this.#page = undefined;
  }

  /** What axe finds, colours and names and all. */
  async violations(): Promise<string[]> {
    // The page's own policy lets no script in but its own, so axe comes in through the debugger.
    const found = await this.page.evaluate<{ violations: Violation[] }>(
      `${AXE}; axe.run(document, { runOnly: ${JSON.stringify(RULES)} })`,
    );
    return found.violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`);
  }

  /** Pixels that the page is wider than its window. */
  overflow(): Promise<number> {
    return this.page.evaluate<number>(
      'document.documentElement.scrollWidth - document.documentElement.clientWidth',
    );
  }
}

/** For the tests of a file; each of them ends without a complaint. */
export function visitor(): Visitor {
  const one = new Visitor();
  beforeAll(() => one.open());
  afterAll(() => one.close());
  afterEach(async () => {
    await one.leave();
    expect(one.complaints.splice(0)).toEqual([]);
  });
  return one;
}
