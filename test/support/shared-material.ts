import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/**
 * Goldens, checkpoints and photos that are too large for the repository lie in a folder `shared` beside it. Suites that
 * need them skip, and say so, where it is absent.
 */
const root = fileURLToPath(new URL('../../../shared/', import.meta.url));

export const sharedPath = (path: string): string => root + path;

/** For `describe.skipIf(...)`: true, after printing the reason, where `path` is missing from the shared folder. */
export function lacksShared(path: string): boolean {
  const missing = !existsSync(root + path);
  if (missing) process.stderr.write(`skipped: ../shared/${path} is not here\n`);
  return missing;
}
