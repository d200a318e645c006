import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { writeFileSync } from 'node:fs';
import { describe, expect, it, onTestFinished } from 'vitest';
import { repetitions } from '../support/long-run.js';
import { expectSound, open, vectorOf } from '../support/small-library.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const READER = fileURLToPath(new URL('../support/library-reader.mjs', import.meta.url));

describe('a library that is being made', () => {
  it('is not there for a reader until it is whole, and its writer is not kept from it', async () => {
    const root = temporaryFolder();
    const args = [READER, root, String(vectorOf(0).length)];
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
    onTestFinished(() => void child.kill('SIGKILL'));
    const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
    expect((await lines.next()).value).toBe('ready');
    for (let number = 0; number < repetitions(8, 100); number++) {
      const library = await open(join(root, String(number)));
      expect((await lines.next()).value).toBe(`opened ${number}`);
      await library.close();
    }
    child.kill('SIGKILL');
    await once(child, 'close');
  });

  it('begins anew where a log of another is left behind, and where its making was broken off', async () => {
    const folder = temporaryFolder();
    for (const left of ['catalog.sqlite-wal', 'catalog.sqlite-shm', 'catalog.sqlite.unfinished'])
      writeFileSync(join(folder, left), 'left by somebody else. '.repeat(2000));
    const library = await open(folder);
    expect(library.statistics().items).toEqual({ photo: 0, caption: 0 });
    expectSound(library);
    await library.close();
  });
});
