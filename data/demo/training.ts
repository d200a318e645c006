/**
 * Scenes for a model to learn from: what photos with captions hardly teach, such as left and right, three and four, whose
 * colour is whose, and what is not there. Half of them come as a pair that differs in one fact, with the pair's captions:
 * the hardest negatives there are. The seeds are apart from the demo's and the probes'.
 */
import { CAPTION_VARIANTS, captionScene } from './caption.js';
import { composeScene } from './compose.js';
import { type DrawingOptions, drawFolder, type Picture } from './folder.js';
import { PLACE_FACTS } from './places.js';
import { ABSENT_KINDS, areAlike, captionPresence } from './probes/presence.js';
import { type ProbeRow, probeFiles, probes } from './probes/probe.js';
import { createRandom } from './random.js';
import type { Scene } from './scene.js';
import { TRAINING_SIZE, trainingSeed } from './seeds.js';

/** Small: models are trained at 128 to 224 pixels. */
const SIZE = { width: 320, height: 240 } as const;

interface CaptionRow {
  readonly image: string;
  readonly caption: string;
}

/** What is true of a scene: said in every way, and what of its place is not in it. */
export function captionsOf(scene: Scene): readonly string[] {
  const random = createRandom(scene.seed, 'captions');
  const said = Array.from({ length: CAPTION_VARIANTS }, (_, variant) => captionScene(scene, variant));
  const { subject, companion } = scene;
  const alone = companion === undefined;
  if (!alone && companion.count === 0) return [];
  const here = Object.values(PLACE_FACTS[scene.place].bands).flatMap(({ kinds }) => kinds);
  const absent = ABSENT_KINDS.filter(
    (kind) =>
      here.includes(kind) && !areAlike(kind, subject.kind) && (alone || !areAlike(kind, companion.kind)),
  );
  if (absent.length > 0)
    said.push(captionPresence(scene, random.pick(absent), false, random.whole(0, CAPTION_VARIANTS - 1)));
  return said;
}

/** Draws `count` training scenes of set `seed` (0…999), with `captions.jsonl`, and `probes.jsonl` for the pairs among them. */
export async function drawTrainingScenes(
  folder: string,
  count: number,
  seed: number,
  options: DrawingOptions = {},
): Promise<{ readonly images: number }> {
  options.signal?.throwIfAborted();
  const pictures: Picture[] = [];
  const captions: CaptionRow[] = [];
  const rows: ProbeRow[] = [];
  const tell = (image: string, told: readonly string[]): void => {
    for (const caption of new Set(told)) captions.push({ image, caption });
  };
  // The upper half of the set's seeds belongs to the pairs.
  const pairs = probes(Math.floor(count / 4), (index) => trainingSeed(seed, TRAINING_SIZE / 2 + index));
  for (const [i, probe] of pairs.entries()) {
    const { row, pictures: both } = probeFiles(probe, `pair-${String(i + 1).padStart(5, '0')}`);
    rows.push(row);
    pictures.push(...both);
    tell(row.imageA, [row.captionA, ...captionsOf(probe.sceneA)]);
    tell(row.imageB, [row.captionB, ...captionsOf(probe.sceneB)]);
  }
  for (let i = 0; pictures.length < count; i++) {
    const scene = composeScene(trainingSeed(seed, i));
    const name = `scene-${String(i + 1).padStart(5, '0')}.jpg`;
    pictures.push({ name, scene });
    tell(name, captionsOf(scene));
  }
  const tables = { 'captions.jsonl': captions, 'probes.jsonl': rows };
  await drawFolder(folder, pictures, tables, { ...options, size: SIZE });
  return { images: pictures.length };
}
