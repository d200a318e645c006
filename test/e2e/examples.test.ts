import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { servedLibrary } from '../support/served-library.js';

const EXAMPLES = fileURLToPath(new URL('../../docs/examples/', import.meta.url));
const library = servedLibrary(6);
const run = promisify(execFile);

const has = (command: string): Promise<boolean> =>
  run(command, ['--version']).then(
    () => true,
    () => false,
  );
const missing = async (command: string): Promise<boolean> => {
  if (await has(command)) return false;
  process.stderr.write(`skipped: there is no ${command} here\n`);
  return true;
};

const lacksCurl = await missing('curl');
const lacksPython = await missing('python3');

describe('the examples', () => {
  it.skipIf(lacksCurl)('search with curl', async () => {
    const { stdout } = await run('sh', [join(EXAMPLES, 'search.sh'), 'a boat', library.server.url]);
    expect((JSON.parse(stdout) as { hits: unknown[] }).hits).toHaveLength(3);
  });

  it.skipIf(lacksPython)('search with Python and save a preview', async () => {
    const preview = join(library.scratch, 'preview.jpg');
    const args = [join(EXAMPLES, 'search.py'), 'a boat', preview, library.server.url];
    const { stdout } = await run('python3', args);
    expect(stdout.trim().split('\n')).toHaveLength(3);
    expect((await sharp(preview).metadata()).width).toBe(480);
  });

  it('search with the TypeScript client', async () => {
    // Node 20 reads no TypeScript, but an example without annotations is JavaScript as well.
    const source = readFileSync(join(EXAMPLES, 'search.ts'), 'utf8');
    const { stdout } = await run(
      process.execPath,
      ['--input-type=module', '--eval', source, 'search.ts', 'a boat', library.server.url],
      { cwd: fileURLToPath(new URL('../../', import.meta.url)) },
    );
    expect(stdout).toMatch(/like it: .*scene-/);
  });
});
