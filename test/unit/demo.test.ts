import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Place, Scene, Thing, ThingKind } from '#demo/mod.js';
import {
  arrangeScene,
  CAPTION_VARIANTS,
  captionScene,
  composeScene,
  demoScenes,
  drawDemoCollection,
  drawScene,
  KINDS,
  kindMakesSense,
  PLACES,
  renderScene,
  THING_KINDS,
  TIMES,
  weathersAt,
} from '#demo/mod.js';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const NUMBERS = ['no', 'one', 'two', 'three', 'four', 'five'];
const demo = demoScenes();
const chance = Array.from({ length: 600 }, (_, seed) => composeScene(seed));

function thingsOf(scene: Scene): Thing[] {
  return scene.companion === undefined ? [scene.subject] : [scene.subject, scene.companion];
}

function countBy<T>(list: readonly T[], key: (one: T) => string): Map<string, number> {
  const counts = new Map<string, number>();
  for (const one of list) counts.set(key(one), (counts.get(key(one)) ?? 0) + 1);
  return counts;
}

/** Written out here rather than read from the generator's own tables: what nobody wants to see. */
const NONSENSE: readonly (readonly [kinds: readonly ThingKind[], nowhereBut: readonly Place[]])[] = [
  [['whale'], ['sea', 'beach']],
  [['fish', 'turtle', 'jellyfish', 'starfish'], ['reef']],
  [['crab'], ['reef', 'beach']],
  [
    ['rowing boat', 'sailing boat'],
    ['sea', 'beach', 'lake', 'harbour'],
  ],
  [['fishing boat'], ['sea', 'harbour']],
  [['lighthouse'], ['sea']],
  [['train'], ['valley']],
  [
    ['bus', 'truck'],
    ['street', 'road'],
  ],
  [['car'], ['street', 'road', 'desert', 'village']],
  [['camel', 'cactus'], ['desert']],
  [['snowman'], ['village']],
  [['parasol', 'sandcastle'], ['beach']],
  [
    ['cup', 'table', 'armchair', 'hanging lamp', 'teapot', 'cake', 'floor lamp'],
    ['living room', 'kitchen'],
  ],
  [['stall', 'crate of apples', 'crate of oranges'], ['market']],
  [['duck'], ['lake']],
];

describe('a scene', () => {
  it('is the same for the same seed, and so is its drawing', () => {
    for (const seed of [1, 2, 3, 77, 4096]) {
      expect(composeScene(seed)).toEqual(composeScene(seed));
      expect(drawScene(composeScene(seed))).toBe(drawScene(composeScene(seed)));
    }
    expect(composeScene(1)).not.toEqual(composeScene(2));
  });

  it('keeps to the wishes', () => {
    const scene = composeScene(5, { place: 'harbour', time: 'night', weather: 'rain' });
    expect(scene).toMatchObject({ place: 'harbour', time: 'night', weather: 'rain' });
  });

  it('puts nothing where it does not belong', () => {
    for (const scene of [...chance, ...demo])
      for (const { kind } of thingsOf(scene)) {
        for (const [kinds, places] of NONSENSE)
          if (kinds.includes(kind)) expect(places, `${kind} in ${scene.place}`).toContain(scene.place);
        expect(kindMakesSense(kind, scene), `${kind} in ${scene.place}`).toBe(true);
        expect(weathersAt(scene.place, scene.time)).toContain(scene.weather);
        if (['kite', 'balloon', 'bird', 'parasol'].includes(kind)) {
          expect(scene.time).not.toBe('night');
          expect(['storm', 'rain', 'snow']).not.toContain(scene.weather);
        }
      }
  });

  it('has a relation where it has a companion, and as many of each as it may', () => {
    for (const scene of chance) {
      expect(scene.relation === undefined).toBe(scene.companion === undefined);
      for (const { kind, count, colour } of thingsOf(scene)) {
        expect(count).toBeGreaterThanOrEqual(1);
        expect(count).toBeLessThanOrEqual(KINDS[kind].most);
        expect(colour === undefined).toBe(KINDS[kind].colours.length === 0);
        if (colour !== undefined) expect(KINDS[kind].colours).toContain(colour);
      }
    }
  });
});

describe('the arrangement', () => {
  it('shows every thing, inside the picture', () => {
    for (const scene of chance) {
      const placed = arrangeScene(scene);
      expect(placed.filter(({ of }) => of === 'subject')).toHaveLength(scene.subject.count);
      expect(placed.filter(({ of }) => of === 'companion')).toHaveLength(scene.companion?.count ?? 0);
      for (const { kind, x, y, scale } of placed) {
        const half = (KINDS[kind].width * scale) / 2;
        expect(x - half, captionScene(scene)).toBeGreaterThan(-1);
        expect(x + half, captionScene(scene)).toBeLessThan(641);
        expect(y - KINDS[kind].height * scale, captionScene(scene)).toBeGreaterThan(-1);
        expect(y).toBeLessThan(480);
      }
    }
  });

  it('holds the relation for every single thing', () => {
    for (const scene of [...chance, ...demo]) {
      const placed = arrangeScene(scene);
      const subjects = placed.filter(({ of }) => of === 'subject');
      const companions = placed.filter(({ of }) => of === 'companion');
      for (const a of subjects)
        for (const b of companions) {
          if (scene.relation === 'left of') expect(a.x, captionScene(scene)).toBeLessThan(b.x);
          if (scene.relation === 'right of') expect(a.x, captionScene(scene)).toBeGreaterThan(b.x);
          if (scene.relation === 'above') expect(a.y, captionScene(scene)).toBeLessThan(b.y);
          if (scene.relation === 'on') expect(a.y, captionScene(scene)).toBeLessThan(b.y);
          if (scene.relation === 'in front of') expect(a.y, captionScene(scene)).toBeGreaterThan(b.y);
          if (scene.relation === 'on' || scene.relation === 'under' || scene.relation === 'in front of')
            expect(placed.indexOf(a)).toBeGreaterThan(placed.indexOf(b));
        }
    }
  });

  it('moves nothing else when one fact changes', () => {
    const left = chance.find(({ relation }) => relation === 'left of') as Scene;
    const right: Scene = { ...left, relation: 'right of' };
    expect(drawScene(right)).not.toBe(drawScene(left));
    expect(arrangeScene(right)).toHaveLength(arrangeScene(left).length);
    const { subject, companion: _, relation: __, ...rest } = left;
    expect(captionScene({ ...rest, subject })).not.toBe(captionScene(left));
  });
});

describe('a caption', () => {
  it('tells every count, kind and colour, in each variant', () => {
    for (const scene of chance.slice(0, 200))
      for (let variant = 0; variant < CAPTION_VARIANTS; variant++) {
        const caption = captionScene(scene, variant);
        expect(caption).toMatch(/^[A-Z][^.]*[a-z]\.$/);
        expect(caption).not.toMatch(/undefined| {2}|\*/);
        for (const { kind, count, colour } of thingsOf(scene)) {
          const { noun, plural } = KINDS[kind];
          expect(caption.toLowerCase()).toContain(count === 1 ? noun : plural);
          if (count > 1) expect(caption.toLowerCase()).toContain(`${NUMBERS[count]} `);
          if (colour !== undefined) expect(caption.toLowerCase()).toContain(colour);
        }
        if (scene.relation !== undefined) expect(caption).toContain(scene.relation);
      }
  });

  it('does not put a boat on the sand nor a tent on the water', () => {
    const setting = { seed: 1, time: 'noon', weather: 'clear' } as const;
    const boat: Thing = { kind: 'rowing boat', count: 1, colour: 'red' };
    const tent: Thing = { kind: 'tent', count: 1, colour: 'blue' };
    expect(captionScene({ ...setting, place: 'beach', subject: boat }, 0)).toContain(
      'floats off a sandy beach',
    );
    const lake: Scene = { ...setting, place: 'lake', subject: boat, companion: tent, relation: 'left of' };
    expect(captionScene(lake, 0)).toContain('a blue tent at a mountain lake');
  });

  it('uses the article that the word asks for', () => {
    for (const scene of chance) expect(captionScene(scene)).not.toMatch(/\b(a [aeiou]|an [^aeiou])/i);
  });
});

describe('the collection', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'sightline-demo-'));
  });
  afterAll(async () => {
    await rm(folder, { recursive: true, force: true });
  });

  it('has a caption of its own for each scene', () => {
    expect(demo).toHaveLength(240);
    expect(new Set(demo.map((scene) => captionScene(scene))).size).toBe(240);
  });

  it('begins alike however many scenes are asked for', () => {
    expect(demoScenes(30)).toEqual(demo.slice(0, 30));
  });

  it('spreads evenly over places and times, and shows nearly every kind', () => {
    expect([...countBy(demo, ({ place }) => place).values()].toSorted((a, b) => a - b)[0]).toBe(12);
    expect(countBy(demo, ({ place }) => place).size).toBe(PLACES.length);
    for (const time of TIMES) expect(countBy(demo, (one) => one.time).get(time)).toBeGreaterThan(50);
    const kinds = countBy(demo.flatMap(thingsOf), ({ kind }) => kind);
    expect(THING_KINDS.filter((kind) => !kinds.has(kind))).toEqual([]);
    const pairs = countBy(demo, (one) => [one.place, one.subject.kind, one.companion?.kind, one.time].join());
    expect([...pairs].filter(([, count]) => count > 1)).toEqual([]);
  });

  it('is drawn once, whole, and goes on where it was interrupted', async () => {
    const stop = new AbortController();
    const first = drawDemoCollection(folder, {
      count: 6,
      signal: stop.signal,
      onProgress: (done) => {
        if (done === 2) stop.abort();
      },
    });
    await expect(first).rejects.toThrow(/abort/i);
    const steps: string[] = [];
    const onProgress = (done: number, total: number): void => void steps.push(`${done}/${total}`);
    await expect(drawDemoCollection(folder, { count: 6, onProgress })).resolves.toEqual({ images: 6 });
    expect(steps.at(-1)).toBe('6/6');
    const names = (await readdir(folder)).toSorted();
    expect(names).toEqual(['captions.jsonl', ...[1, 2, 3, 4, 5, 6].map((n) => `scene-00${n}.jpg`)]);
    const lines = (await readFile(join(folder, 'captions.jsonl'), 'utf8')).trim().split('\n');
    expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual(
      demo.slice(0, 6).map((scene, i) => ({ image: `scene-00${i + 1}.jpg`, caption: captionScene(scene) })),
    );
    const before = await stat(join(folder, 'scene-003.jpg'));
    await drawDemoCollection(folder, { count: 6 });
    expect((await stat(join(folder, 'scene-003.jpg'))).mtimeMs).toBe(before.mtimeMs);
  });

  it('can be drawn anywhere: every place, every weather, at a small size', async () => {
    const sample = PLACES.flatMap((place, i) => {
      const time = TIMES[i % TIMES.length] ?? 'noon';
      const weathers = weathersAt(place, time);
      return [0, 1].map((k) => {
        const weather = weathers[(i + k) % weathers.length];
        return composeScene(i * 31 + k, weather === undefined ? { place, time } : { place, time, weather });
      });
    });
    for (const scene of sample) {
      const { data, info } = await sharp(Buffer.from(drawScene(scene)), { density: 24 })
        .removeAlpha()
        .raw()
        .toBuffer({ resolveWithObject: true });
      expect(info).toMatchObject({ width: 213, height: 160, channels: 3 });
      // A drawing that failed half-way is a plain sheet.
      expect(new Set(data).size, captionScene(scene)).toBeGreaterThan(60);
    }
    const jpeg = await renderScene(sample[0] as Scene, { width: 64, height: 64 });
    expect(await sharp(jpeg).metadata()).toMatchObject({ format: 'jpeg', width: 64, height: 64 });
  });
});
