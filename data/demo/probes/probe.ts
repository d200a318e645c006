/**
 * Composition probes: two scenes that differ in exactly one fact, each with its caption. A model that only knows which
 * words go with a picture is at chance on them; whoever gets them right has read how the words belong together.
 */
import { CAPTION_VARIANTS, captionScene } from '../caption.js';
import { composeScene } from '../compose.js';
import { type DrawingOptions, drawFolder, type Picture } from '../folder.js';
import { createRandom } from '../random.js';
import type { Scene } from '../scene.js';
import { probeSeed } from '../seeds.js';
import { captionPresence } from './presence.js';
import { PROBE_KINDS, type ProbeKind, twinOf } from './twin.js';

export const PROBE_COUNT = 480;

export interface Probe {
  readonly kind: ProbeKind;
  readonly sceneA: Scene;
  readonly sceneB: Scene;
  readonly captionA: string;
  readonly captionB: string;
}

/** One line of `probes.jsonl`: caption A is true of image A and false of image B, and the other way round. */
export interface ProbeRow {
  readonly kind: ProbeKind;
  readonly imageA: string;
  readonly imageB: string;
  readonly captionA: string;
  readonly captionB: string;
}

/** The probe of this kind that begins with this scene; undefined where the scene has no such twin. */
export function probeOf(sceneA: Scene, kind: ProbeKind): Probe | undefined {
  const sceneB = twinOf(sceneA, kind);
  if (sceneB === undefined) return undefined;
  const variant = createRandom(sceneA.seed, 'probe caption').whole(0, CAPTION_VARIANTS - 1);
  const { companion } = sceneA;
  const tell =
    kind === 'negation' && companion !== undefined
      ? (scene: Scene): string => captionPresence(scene, companion.kind, scene === sceneA, variant)
      : (scene: Scene): string => captionScene(scene, variant);
  return { kind, sceneA, sceneB, captionA: tell(sceneA), captionB: tell(sceneB) };
}

/** Probes of all kinds in turn, no caption twice. `seedOf` gives the seeds of the scenes that are tried. */
export function probes(
  count: number = PROBE_COUNT,
  seedOf: (index: number) => number = probeSeed,
): readonly Probe[] {
  const found: Probe[] = [];
  const told = new Set<string>();
  for (let index = 0; found.length < count; index++) {
    const kind = PROBE_KINDS[found.length % PROBE_KINDS.length] as ProbeKind;
    const probe = probeOf(composeScene(seedOf(index)), kind);
    if (probe === undefined || told.has(probe.captionA) || told.has(probe.captionB)) continue;
    told.add(probe.captionA).add(probe.captionB);
    found.push(probe);
  }
  return found;
}

/** The two pictures of a probe and its line. */
export function probeFiles(
  { kind, sceneA, sceneB, captionA, captionB }: Probe,
  name: string,
): { readonly row: ProbeRow; readonly pictures: readonly [Picture, Picture] } {
  const [imageA, imageB] = [`${name}-a.jpg`, `${name}-b.jpg`];
  return {
    row: { kind, imageA, imageB, captionA, captionB },
    pictures: [
      { name: imageA, scene: sceneA },
      { name: imageB, scene: sceneB },
    ],
  };
}

/** Draws the probes and `probes.jsonl` into a folder. */
export async function drawProbes(
  folder: string,
  { count = PROBE_COUNT, ...options }: DrawingOptions & { readonly count?: number } = {},
): Promise<{ readonly pairs: number }> {
  options.signal?.throwIfAborted();
  const files = probes(count).map((probe, i) =>
    probeFiles(probe, `probe-${String(i + 1).padStart(3, '0')}-${probe.kind}`),
  );
  await drawFolder(
    folder,
    files.flatMap(({ pictures }) => pictures),
    { 'probes.jsonl': files.map(({ row }) => row) },
    options,
  );
  return { pairs: files.length };
}
