import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll } from 'vitest';
import { drawDemoCollection } from '#demo/mod.js';

/** Draws the first scenes of the demo collection for the tests of a file; returns where they are and a place beside. */
export function demoPhotos(count: number): { readonly photos: string; readonly scratch: string } {
  const root = mkdtempSync(join(tmpdir(), 'sightline-demo-'));
  const photos = join(root, 'photos');
  beforeAll(async () => {
    await drawDemoCollection(photos, { count });
  });
  afterAll(() => rmSync(root, { recursive: true, force: true }));
  return { photos, scratch: root };
}
