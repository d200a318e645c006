import { existsSync } from 'node:fs';
import { type Browser, chromium } from 'playwright-core';

/** Where Debian, Ubuntu and Fedora put it; CHROMIUM names another one. */
const PLACES = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

function executable(): string | undefined {
  const named = process.env['CHROMIUM'];
  return named ?? PLACES.find((path) => existsSync(path));
}

/** For `describe.skipIf(...)`: true, after printing the reason, where there is no Chromium. */
export function lacksChromium(): boolean {
  const missing = executable() === undefined;
  if (missing)
    process.stderr.write('skipped: no Chromium here; install it, or name one with CHROMIUM=/path\n');
  return missing;
}

export function launchChromium(): Promise<Browser> {
  const path = executable();
  if (path === undefined) throw new Error('There is no Chromium.');
  return chromium.launch({
    executablePath: path,
    args: [
      '--headless',
      '--no-sandbox',
      '--disable-gpu',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
}
