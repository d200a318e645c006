import { copyFileSync, mkdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DuplicateMode, SearchEngine } from '#src/engine/mod.js';
import { openEngine } from '#src/engine/mod.js';
import { runCommand } from '../support/command-line.js';
import { demoPhotos } from '../support/demo-photos.js';

const { photos, scratch } = demoPhotos(30);
const copies = join(scratch, 'copies');
const library = join(scratch, 'library');
let engine: SearchEngine;

/** As a camera would have written it at this second. */
const takenAt = (second: number): { IFD2: { DateTimeOriginal: string } } => ({
  IFD2: { DateTimeOriginal: `2024:05:01 12:00:${String(second).padStart(2, '0')}` },
});

beforeAll(async () => {
  mkdirSync(copies);
  copyFileSync(join(photos, 'scene-001.jpg'), join(copies, 'copy.jpg'));
  await sharp(join(photos, 'scene-002.jpg'))
    .resize(320)
    .jpeg({ quality: 60 })
    .toFile(join(copies, 'small.jpg'));
  await sharp(join(photos, 'scene-003.jpg')).webp({ quality: 70 }).toFile(join(copies, 'other-format.webp'));
  for (const [i, shift] of [0, 40, 80].entries()) {
    await sharp(join(photos, 'scene-004.jpg'))
      .extract({ left: shift, top: shift / 2, width: 540, height: 400 })
      .withExif(takenAt(i))
      .jpeg()
      .toFile(join(copies, `burst-${i}.jpg`));
  }
  engine = await openEngine({ dataDir: library });
  await engine.ingest([photos, copies]);
});
afterAll(() => engine.close());

async function groups(mode: DuplicateMode): Promise<string[][]> {
  const found = await engine.survey.duplicates({ mode });
  return found.map(({ members }) => members.flatMap(({ paths }) => paths.map((path) => basename(path))));
}

describe('duplicates', () => {
  it('of files are one content at several paths', async () => {
    expect(await groups('file')).toEqual([['copy.jpg', 'scene-001.jpg']]);
  });

  it('of photos are resized, compressed or converted ones, the largest first', async () => {
    const found = await groups('photo');
    expect(found).toContainEqual(['scene-002.jpg', 'small.jpg']);
    expect(found.map((names) => names.toSorted())).toContainEqual(['other-format.webp', 'scene-003.jpg']);
    expect(found.flat()).not.toContain('copy.jpg');
    expect(found).toHaveLength(2);
  });

  it('of a moment are photos that were taken together and look alike', async () => {
    const [burst, ...others] = await groups('similar');
    expect(burst?.toSorted()).toEqual(['burst-0.jpg', 'burst-1.jpg', 'burst-2.jpg']);
    expect(others).toEqual([]);
  });

  it('are told on the command line, the best marked', async () => {
    const { code, stdout } = await runCommand(['duplicates', '--mode', 'photo'], library);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^\* +640×480 {2}.*scene-002\.jpg\n +320×240 {2}.*small\.jpg$/m);
    const json = await runCommand(['duplicates', '--json'], library);
    expect(JSON.parse(json.stdout)).toMatchObject({ mode: 'file', groups: [{ members: [{}] }] });
  });
});
