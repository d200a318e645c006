import { existsSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { PixelFolder } from '#src/ingest/mod.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const [FIRST, SECOND] = ['ab'.repeat(32), 'cd'.repeat(32)];

describe('PixelFolder', () => {
  it('gives back what was written, and nothing for a file that is not whole', async () => {
    const store = new PixelFolder(temporaryFolder(), 2);
    const pixels = Uint8Array.from({ length: 12 }, (_, i) => i);
    await store.write(FIRST, pixels);
    expect(await store.read(FIRST)).toEqual(Buffer.from(pixels));
    expect(await store.read(SECOND)).toBeUndefined();
    writeFileSync(store.path(FIRST), pixels.subarray(0, 5));
    expect(await store.read(FIRST)).toBeUndefined();
  });

  it('sweeps what belongs to no photo', async () => {
    const store = new PixelFolder(temporaryFolder(), 1);
    await store.write(FIRST, new Uint8Array(3));
    await store.write(SECOND, new Uint8Array(3));
    expect(await store.sweep((hash) => hash === SECOND)).toBe(1);
    expect([existsSync(store.path(FIRST)), existsSync(store.path(SECOND))]).toEqual([false, true]);
    expect(await new PixelFolder(temporaryFolder(), 7).sweep(() => false)).toBe(0);
  });
});
