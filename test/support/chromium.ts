import { chromiumPath } from '../../bench/chromium.js';

/** For `describe.skipIf(...)`: true, after printing the reason, where there is no Chromium. */
export function lacksChromium(): boolean {
  const missing = chromiumPath() === undefined;
  if (missing)
    process.stderr.write('skipped: no Chromium here; install it, or name one with CHROMIUM=/path\n');
  return missing;
}
