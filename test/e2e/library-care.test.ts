import { existsSync, mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { runCommand } from '../support/command-line.js';
import { temporaryFolder } from '../support/temporary-folder.js';

/** Runs a command with --json and returns what it prints. */
async function answer(args: readonly string[], dataDir: string): Promise<unknown> {
  const { code, stdout, stderr } = await runCommand([...args, '--json'], dataDir);
  expect({ args, code, stderr }).toEqual({ args, code: 0, stderr: '' });
  return JSON.parse(stdout);
}

describe('care of a library, on the command line', () => {
  it('exports, imports, backs up, measures, repairs', async () => {
    const place = temporaryFolder();
    const captions = join(place, 'captions.txt');
    writeFileSync(captions, 'a boat on the sea\ntwo dogs in the snow\na red car\n');
    const dataDir = join(place, 'library');
    await answer(['ingest', captions], dataDir);

    const out = join(place, 'out');
    expect(await answer(['export', out], dataDir)).toMatchObject({ items: 3, dimensions: 256 });
    const other = join(place, 'other');
    expect(await answer(['import', out], other)).toMatchObject({ items: 3, added: 3 });
    expect(await answer(['import', out], other)).toMatchObject({ items: 3, added: 0 });

    const backup = join(place, 'backup.sqlite');
    await answer(['backup', backup], dataDir);
    const again = await runCommand(['backup', backup, '--json'], dataDir);
    expect(again.code).toBe(2);
    const restored = join(place, 'restored');
    mkdirSync(restored);
    renameSync(backup, join(restored, 'catalog.sqlite'));

    for (const one of [dataDir, other, restored]) {
      expect(await answer(['doctor', '--repair'], one)).toMatchObject({ healthy: true });
      const { audits } = (await answer(['stats', '--audit'], one)) as { audits: unknown[] };
      expect(audits).toEqual([
        expect.objectContaining({ kind: 'caption', queries: 3, recall: 1, real: false }),
      ]);
    }
    expect(existsSync(join(restored, 'vectors'))).toBe(true);
  });
});
