import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { drawProbes } from '#demo/mod.js';
import { describe, expect, it } from 'vitest';
import { runCommand } from '../support/command-line.js';
import { demoPhotos } from '../support/demo-photos.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const COUNT = 24;
const { photos } = demoPhotos(COUNT);

interface Share {
  readonly value: number;
  readonly interval: { readonly low: number; readonly high: number };
}

describe('sightline eval', () => {
  it('asks probes of the dual encoder and of a scorer', async () => {
    const folder = temporaryFolder();
    const probes = join(folder, 'probes');
    await drawProbes(probes, { count: 8 });
    const args = ['eval', '--probes', probes, '--scorer', 'match'];
    const { stdout } = await runCommand([...args, '--json'], folder);
    const { pairs, accuracy } = JSON.parse(stdout) as {
      pairs: number;
      accuracy: Record<string, Record<string, Record<string, Share>>>;
    };
    expect(pairs).toBe(8);
    expect(Object.keys(accuracy)).toEqual(['dual', 'match', 'match by clauses']);
    for (const kinds of Object.values(accuracy)) {
      expect(Object.keys(kinds)).toEqual(['relation', 'count', 'colour', 'negation', 'all']);
      const { inOrder, text, image, group } = kinds['all'] as Record<string, Share>;
      expect(inOrder?.value).toBeGreaterThanOrEqual(text?.value ?? Infinity);
      expect(image?.value).toBeGreaterThanOrEqual(group?.value ?? Infinity);
      expect(text?.interval.low).toBeLessThanOrEqual(text?.value ?? -1);
    }
    expect((await runCommand(args, folder)).stdout).toMatch(/match +negation/);
  });

  it('classifies by words, and says what the file says about itself', async () => {
    const folder = temporaryFolder();
    const file = join(folder, 'classes.json');
    const lines = readFileSync(join(photos, 'captions.jsonl'), 'utf8').trim().split('\n');
    const rows = lines.map((line) => JSON.parse(line) as { image: string; caption: string });
    const places = ['beach', 'street', 'kitchen', 'forest'];
    const images = rows.flatMap(({ image, caption }) => {
      const label = places.find((place) => caption.includes(place));
      return label === undefined ? [] : [{ image, label }];
    });
    const about = 'Drawn scenes.';
    writeFileSync(file, JSON.stringify({ about, templates: ['a {}', 'in a {}'], classes: places, images }));
    const args = ['eval', '--zero-shot', file, '--images', photos];
    const { stdout } = await runCommand([...args, '--json'], folder);
    const result = JSON.parse(stdout) as { top1: Share; top5: Share };
    expect(result).toMatchObject({ about, classes: 4, templates: 2, images: images.length, chance: 25 });
    expect(result.top5.value).toBe(100);
    expect((await runCommand(args, folder)).stdout).toContain(about);
    writeFileSync(file, JSON.stringify({ templates: ['a {}'], classes: ['a', 'b'], images }));
    expect((await runCommand(args, folder)).stderr).toContain('is none of the classes');
  });

  it('finds no drift between a model and itself', async () => {
    const folder = temporaryFolder();
    const dataset = join(folder, 'dataset.json');
    const images = [1, 2, 3].map((n) => ({
      filename: `scene-00${n}.jpg`,
      split: 'test',
      sentences: [{ raw: `Scene ${n}.` }],
    }));
    writeFileSync(dataset, JSON.stringify({ images }));
    const args = [
      'eval',
      '--dataset',
      dataset,
      '--images',
      photos,
      '--split',
      'test',
      '--against',
      'embedded',
    ];
    const { stdout } = await runCommand([...args, '--json'], folder);
    expect(JSON.parse(stdout)).toMatchObject({
      images: { mean: expect.closeTo(1, 5) as number },
      change: { textToImage: { R1: 0, R5: 0, R10: 0 } },
    });
  });

  it('says what is missing', async () => {
    const { code, stderr } = await runCommand(['eval', '--images', photos], temporaryFolder());
    expect(stderr).toContain('Expected --dataset');
    expect(code).toBe(2);
  });
});

describe('sightline audit', () => {
  it('measures the groups of a file over the library', async () => {
    const folder = temporaryFolder();
    await runCommand(['ingest', photos], folder);
    const file = join(folder, 'attributes.json');
    const groups = [
      { name: 'day', prompts: ['a scene on a sunny day'] },
      { name: 'night', prompts: ['a scene at night'] },
    ];
    writeFileSync(
      file,
      JSON.stringify({ attributes: [{ name: 'light', groups }], queries: ['a dog'], k: [5] }),
    );
    const { stdout } = await runCommand(['audit', '--attributes', file, '--json'], folder);
    const { photos: counted, attributes } = JSON.parse(stdout) as {
      photos: number;
      attributes: { groups: string[]; shares: number[]; queries: { shares: number[]; maxSkew: object }[] }[];
    };
    expect(counted).toBe(COUNT);
    expect(attributes[0]?.groups).toEqual(['day', 'night']);
    expect(attributes[0]?.shares.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 9);
    expect(attributes[0]?.queries[0]?.shares.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 9);
    const table = await runCommand(['audit', '--attributes', file], folder);
    expect(table.stdout).toMatch(/light: 24 photos, by the model's guess day [\d.]+ %, night/);
    expect(table.stdout).toContain('MaxSkew (chance)');
    writeFileSync(file, '{"attributes": []}');
    expect((await runCommand(['audit', '--attributes', file], folder)).stderr).toContain(
      'is not as expected',
    );
  });
});
