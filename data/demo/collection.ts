/** The demo collection: a folder of scenes and their captions, drawn on the spot. */
import { access, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import pMap from 'p-map';
import { captionScene } from './caption.js';
import { composeScene } from './compose.js';
import { PLACE_FACTS } from './places.js';
import { renderScene } from './render.js';
import type { Scene, Time } from './scene.js';
import { PLACES, TIMES } from './scene.js';

export const DEMO_COUNT = 240;

/** Scenes drawn at a time: one is encoded while the next is rasterised. */
const CONCURRENCY = 4;
/** Scenes thought of for each one that is drawn. */
const DRAFTS = 28;

export interface DemoOptions {
  readonly count?: number;
  readonly onProgress?: (done: number, total: number) => void;
  readonly signal?: AbortSignal;
}

/**
 * The scenes of the collection. Chance alone would repeat itself, so each is the one of several drafts that brings the
 * most that was not there before; places and times take turns. The first n are the same however many are asked for.
 */
export function demoScenes(count: number = DEMO_COUNT): Scene[] {
  const scenes: Scene[] = [];
  const captions = new Set<string>();
  const seen = new Map<string, number>();
  const often = (key: string): number => seen.get(key) ?? 0;
  for (let i = 0; scenes.length < count; i++) {
    const place = PLACES[i % PLACES.length] as (typeof PLACES)[number];
    const turn = i + Math.floor(i / PLACES.length);
    const times = PLACE_FACTS[place].times ?? TIMES;
    const time = times[turn % times.length] as Time;
    let best: Scene | undefined;
    let least = Number.POSITIVE_INFINITY;
    for (let k = 0; k < DRAFTS; k++) {
      const draft = composeScene(i * DRAFTS + k + 1, { place, time });
      if (captions.has(captionScene(draft))) continue;
      const cost = factsOf(draft).reduce((sum, [key, weight]) => sum + often(key) * weight, 0);
      if (cost < least) [best, least] = [draft, cost];
    }
    if (best === undefined) continue;
    captions.add(captionScene(best));
    for (const [key] of factsOf(best)) seen.set(key, often(key) + 1);
    scenes.push(best);
  }
  return scenes;
}

/** What a scene would repeat, and how much that would be noticed. */
function factsOf({
  place,
  time,
  weather,
  subject,
  companion,
  relation,
}: Scene): readonly (readonly [string, number])[] {
  const other = companion?.kind ?? 'nothing';
  return [
    [`kind ${subject.kind}`, 1],
    [`kind ${other}`, companion === undefined ? 0.02 : 0.6],
    [`${place} ${subject.kind}`, 2.5],
    [`${place} ${other}`, 1],
    [`${place} ${weather}`, 1.2],
    [`${place} ${time} ${weather}`, 2],
    [`weather ${weather}`, weather === 'clear' ? 0.01 : 0.05],
    [`relation ${relation ?? 'none'}`, 0.1],
    [`colour ${subject.colour ?? 'own'}`, 0.05],
    [`count ${subject.count}`, 0.03],
    [`${place} ${subject.kind} ${other}`, 8],
  ];
}

function nameOf(index: number): string {
  return `scene-${String(index + 1).padStart(3, '0')}.jpg`;
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

/** Whole or not at all: whoever reads the folder never meets half a picture. */
async function writeWhole(path: string, content: string | Uint8Array): Promise<void> {
  const partial = `${path}.partial`;
  try {
    await writeFile(partial, content);
    await rename(partial, path);
  } catch (error) {
    await rm(partial, { force: true });
    throw error;
  }
}

/** Draws the collection into a folder. What is there already stays, so a run that was interrupted goes on. */
export async function drawDemoCollection(
  folder: string,
  options: DemoOptions = {},
): Promise<{ images: number }> {
  const { count = DEMO_COUNT, onProgress, signal } = options;
  signal?.throwIfAborted();
  const scenes = demoScenes(count);
  await mkdir(folder, { recursive: true });
  let done = 0;
  await pMap(
    scenes.entries(),
    async ([i, scene]) => {
      // Quietly, so that what others are writing just now is whole before the run is called off.
      if (signal?.aborted) return;
      const path = join(folder, nameOf(i));
      if (!(await exists(path))) await writeWhole(path, await renderScene(scene));
      done++;
      onProgress?.(done, scenes.length);
    },
    { concurrency: CONCURRENCY },
  );
  signal?.throwIfAborted();
  const lines = scenes
    .map((scene, i) => `${JSON.stringify({ image: nameOf(i), caption: captionScene(scene) })}\n`)
    .join('');
  const captions = join(folder, 'captions.jsonl');
  const before = await readFile(captions, 'utf8').catch(() => undefined);
  if (before !== lines) await writeWhole(captions, lines);
  return { images: scenes.length };
}
