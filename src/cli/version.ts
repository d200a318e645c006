import { readFileSync } from 'node:fs';

/** Found from the compiled file, dist/src/cli/version.js. */
const manifest = new URL('../../../package.json', import.meta.url);

export const VERSION: string = (JSON.parse(readFileSync(manifest, 'utf8')) as { version: string }).version;
