/** The demo collection: a folder of scenes and their captions, drawn on the spot. */
import { captionScene } from './caption.js';
import { composeScene } from './compose.js';
import { type DrawingOptions, drawFolder } from './folder.js';
import { PLACE_FACTS } from './places.js';
import type { Scene, Time } from './scene.js';
import { PLACES, TIMES } from './scene.js';

export const DEMO_COUNT = 240;

/** Scenes thought of for each one that is drawn. */
const DRAFTS = 28;

export interface DemoOptions extends DrawingOptions {
  readonly count?: number;
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

/** Draws the collection into a folder. What is there already stays, so a run that was interrupted goes on. */
export async function drawDemoCollection(
  folder: string,
  options: DemoOptions = {},
): Promise<{ images: number }> {
  const { count = DEMO_COUNT, onProgress, signal } = options;
  signal?.throwIfAborted();
  const scenes = demoScenes(count);
  const pictures = scenes.map((scene, i) => ({ name: nameOf(i), scene }));
  const captions = scenes.map((scene, i) => ({ image: nameOf(i), caption: captionScene(scene) }));
  await drawFolder(folder, pictures, { 'captions.jsonl': captions }, { onProgress, signal });
  return { images: scenes.length };
}
