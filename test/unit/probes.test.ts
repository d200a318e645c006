import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Probe, Scene } from '#demo/mod.js';
import {
  arrangeScene,
  captionsOf,
  composeScene,
  demoScenes,
  drawProbes,
  drawScene,
  drawTrainingScenes,
  KINDS,
  PROBE_COUNT,
  PROBE_KINDS,
  probes,
  trainingSeed,
} from '#demo/mod.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const all = probes();

/** Every fact of a scene by its name. */
function factsOf({
  seed,
  place,
  time,
  weather,
  subject,
  companion,
  relation,
}: Scene): Record<string, unknown> {
  return {
    seed,
    place,
    time,
    weather,
    relation,
    'subject kind': subject.kind,
    'subject count': subject.count,
    'subject colour': subject.colour,
    'companion kind': companion?.kind,
    'companion count': companion?.count,
    'companion colour': companion?.colour,
  };
}

function differences({ sceneA, sceneB }: Probe): string[] {
  const [a, b] = [factsOf(sceneA), factsOf(sceneB)];
  return Object.keys(a).filter((fact) => a[fact] !== b[fact]);
}

function ofKind(kind: Probe['kind']): Probe[] {
  return all.filter((probe) => probe.kind === kind);
}

function words(caption: string): string[] {
  return caption
    .toLowerCase()
    .replace(/[.,]/g, '')
    .replace(/\ban\b/g, 'a')
    .split(' ')
    .toSorted();
}

describe('the probes', () => {
  it('are at least 400 pairs, of all kinds alike, and always the same', () => {
    expect(PROBE_COUNT).toBeGreaterThanOrEqual(400);
    expect(all).toHaveLength(PROBE_COUNT);
    for (const kind of PROBE_KINDS) expect(ofKind(kind)).toHaveLength(PROBE_COUNT / PROBE_KINDS.length);
    expect(probes(40)).toEqual(all.slice(0, 40));
  });

  it('differ in the one fact of their kind', () => {
    for (const probe of ofKind('relation')) expect(differences(probe)).toEqual(['relation']);
    for (const probe of ofKind('count')) expect(differences(probe)).toEqual(['subject count']);
    for (const probe of ofKind('negation')) {
      expect(differences(probe)).toEqual(['companion count']);
      expect(probe.sceneB.companion?.count).toBe(0);
    }
    for (const probe of ofKind('colour')) {
      expect(differences(probe)).toEqual(['subject colour', 'companion colour']);
      expect(probe.sceneB.subject.colour).toBe(probe.sceneA.companion?.colour);
      expect(probe.sceneB.companion?.colour).toBe(probe.sceneA.subject.colour);
    }
  });

  it('have captions that differ where the scenes do, and each caption once', () => {
    for (const { kind, captionA, captionB } of all) {
      expect(captionA).not.toBe(captionB);
      // Colours exchanged leave the very same words, in another order.
      if (kind === 'colour') expect(words(captionA)).toEqual(words(captionB));
      if (kind === 'negation') {
        expect(captionA, captionA).not.toMatch(/\b(no|without)\b/);
        expect(captionB, captionB).toMatch(/\b(no|without)\b/);
      }
    }
    expect(new Set(all.flatMap(({ captionA, captionB }) => [captionA, captionB])).size).toBe(2 * all.length);
  });

  it('show what they say', () => {
    for (const { sceneA, sceneB } of all)
      for (const scene of [sceneA, sceneB]) {
        const placed = arrangeScene(scene);
        const subjects = placed.filter(({ of }) => of === 'subject');
        const companions = placed.filter(({ of }) => of === 'companion');
        expect(subjects).toHaveLength(scene.subject.count);
        expect(companions).toHaveLength(scene.companion?.count ?? 0);
        for (const a of subjects) {
          expect(a.x - (KINDS[a.kind].width * a.scale) / 2).toBeGreaterThan(-1);
          for (const b of companions) {
            if (scene.relation === 'left of') expect(a.x).toBeLessThan(b.x);
            if (scene.relation === 'right of') expect(a.x).toBeGreaterThan(b.x);
            if (scene.relation === 'above' || scene.relation === 'on') expect(a.y).toBeLessThan(b.y);
            if (scene.relation === 'in front of') expect(a.y).toBeGreaterThan(b.y);
          }
        }
      }
  });

  it('leave the rest of a picture where it is when the companion goes', () => {
    for (const { sceneA, sceneB } of ofKind('negation').slice(0, 20)) {
      const subjects = (scene: Scene): unknown[] => arrangeScene(scene).filter(({ of }) => of === 'subject');
      expect(subjects(sceneB)).toEqual(subjects(sceneA));
      expect(drawScene(sceneB)).not.toBe(drawScene(sceneA));
    }
  });

  it('have seeds that neither the demo nor the training scenes have', () => {
    const demo = demoScenes().map(({ seed }) => seed);
    const asked = all.map(({ sceneA }) => sceneA.seed);
    expect(Math.max(...demo)).toBeLessThan(Math.min(...asked));
    expect(Math.max(...asked)).toBeLessThan(trainingSeed(0, 0));
    expect(trainingSeed(0, 999_999)).toBeLessThan(trainingSeed(1, 0));
  });
});

describe('captions to learn from', () => {
  it('are several, each different, and negate only what is not there', () => {
    for (let seed = 0; seed < 200; seed++) {
      const scene = composeScene(trainingSeed(7, seed));
      const told = captionsOf(scene);
      expect(new Set(told).size).toBeGreaterThan(2);
      for (const caption of told) {
        const absent =
          /(?:without an?|no) ([a-z -]+?)(?:[.,]| in | on | at | by | below | over | under | off | through | while | as )/.exec(
            caption,
          )?.[1];
        if (absent === undefined) continue;
        expect(KINDS[scene.subject.kind].noun, caption).not.toBe(absent);
        if (scene.companion !== undefined) expect(KINDS[scene.companion.kind].noun, caption).not.toBe(absent);
      }
    }
  });
});

describe('folders', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'sightline-probes-'));
  });
  afterAll(async () => {
    await rm(folder, { recursive: true, force: true });
  });

  async function lines(path: string): Promise<Record<string, string>[]> {
    const text = await readFile(join(folder, path), 'utf8');
    return text
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, string>);
  }

  it('hold every picture that probes.jsonl names', async () => {
    await expect(drawProbes(join(folder, 'probes'), { count: 4 })).resolves.toEqual({ pairs: 4 });
    const rows = await lines('probes/probes.jsonl');
    expect(rows.map(({ kind }) => kind)).toEqual([...PROBE_KINDS]);
    for (const row of rows)
      expect(Object.keys(row)).toEqual(['kind', 'imageA', 'imageB', 'captionA', 'captionB']);
    const pictures = rows.flatMap(({ imageA, imageB }) => [imageA, imageB]);
    const files = await readdir(join(folder, 'probes'));
    expect(new Set(files)).toEqual(new Set([...pictures, 'probes.jsonl']));
  });

  it('of training scenes hold pairs and single scenes, each with captions of its own', async () => {
    await expect(drawTrainingScenes(join(folder, 'scenes'), 8, 3)).resolves.toEqual({ images: 8 });
    expect(await lines('scenes/probes.jsonl')).toHaveLength(2);
    const told = await lines('scenes/captions.jsonl');
    const pictures = (await readdir(join(folder, 'scenes'))).filter((name) => name.endsWith('.jpg'));
    expect(new Set(told.map(({ image }) => image))).toEqual(new Set(pictures));
    expect(pictures).toHaveLength(8);
  });
});
