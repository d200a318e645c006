/** The photos that a benchmark works on, and texts to search them by. */
import { existsSync } from 'node:fs';
import { copyFile, readFile, rename } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { scan } from '../src/ingest/scan.js';
import { temporaryFolder } from './temporary-folder.js';

export interface PhotoSet extends AsyncDisposable {
  /** For the report: what they are, never where they lie. */
  readonly title: string;
  readonly files: readonly string[];
  readonly captions: readonly string[];
}

/** From dist/bench/photo-set.js. */
const ROOT: string = fileURLToPath(new URL('../../', import.meta.url));
const DEVELOPMENT_PHOTOS: string = join(ROOT, '../shared/photos/dev/images');

const CAPTIONS_FILE = 'captions.jsonl';

async function photosIn(folder: string): Promise<string[]> {
  const found = await scan([folder], { exclude: [] });
  return found.filter(({ role }) => role === 'photo').map(({ state }) => state.path);
}

/** A caption, with the place of its photo among those of a set. */
export interface Captioned {
  readonly photo: number;
  readonly text: string;
}

interface CaptionLine {
  readonly image?: string;
  readonly caption: string;
}

/** Captions stand in the folder itself or beside it. */
async function captionLines(folder: string): Promise<CaptionLine[]> {
  const file = [join(folder, CAPTIONS_FILE), join(dirname(folder), CAPTIONS_FILE)].find((path) =>
    existsSync(path),
  );
  if (file === undefined) return [];
  const lines = (await readFile(file, 'utf8')).split('\n').filter((line) => line !== '');
  return lines.map((line) => JSON.parse(line) as CaptionLine);
}

async function captionsOf(folder: string): Promise<string[]> {
  return [...new Set((await captionLines(folder)).map(({ caption }) => caption.trim()))];
}

/** The captions of these photos of one folder, in the order in which they were written down. @throws RangeError for none */
export async function captionsByPhoto(files: readonly string[]): Promise<Captioned[]> {
  const photoOf = new Map(files.map((file, i) => [basename(file), i]));
  const captions = (await captionLines(dirname(files[0] ?? ''))).flatMap(
    ({ image, caption }): Captioned[] => {
      const photo = photoOf.get(basename(image ?? ''));
      return photo === undefined ? [] : [{ photo, text: caption }];
    },
  );
  if (captions.length === 0)
    throw new RangeError('Expected captions.jsonl in the folder of photos or beside it.');
  return captions;
}

async function drawn(limit: number): Promise<PhotoSet> {
  const { DEMO_COUNT, drawDemoCollection } = await import('../data/demo/mod.js');
  const place = await temporaryFolder();
  const folder = join(place.path, 'images');
  await drawDemoCollection(folder, { count: Math.min(limit, DEMO_COUNT) });
  // Out of the way of an ingest of the folder, which is to read photos alone.
  await rename(join(folder, CAPTIONS_FILE), join(place.path, CAPTIONS_FILE));
  const [files, captions] = [await photosIn(folder), await captionsOf(folder)];
  return {
    title: `${files.length} drawn scenes`,
    files,
    captions,
    [Symbol.asyncDispose]: place[Symbol.asyncDispose],
  };
}

/**
 * The photos of the given folder; without one the development photos beside the repository, or where there are none the
 * demo collection.
 * @param limit photos at most
 */
export async function photoSet(given: string | undefined, limit: number): Promise<PhotoSet> {
  const folder = given === undefined ? DEVELOPMENT_PHOTOS : resolve(given);
  if (given === undefined && !existsSync(folder)) return drawn(limit);
  const files = (await photosIn(folder)).slice(0, limit);
  if (files.length === 0) throw new RangeError('Expected photos in the folder but found none.');
  const captions = await captionsOf(folder);
  const title = `${files.length} photos of ${given === undefined ? 'the development set' : 'the given folder'}`;
  return { title, files, captions, [Symbol.asyncDispose]: async () => {} };
}

/** Copies the photos into one folder, so that an ingest reads a folder as users do, and in it only these. */
export async function gather(files: readonly string[], folder: string): Promise<string[]> {
  const width = String(files.length).length;
  const copies: string[] = [];
  for (const [index, file] of files.entries()) {
    const copy = join(folder, `${String(index).padStart(width, '0')}-${basename(file)}`);
    await copyFile(file, copy);
    copies.push(copy);
  }
  return copies;
}

export interface CaptionedPhotos extends PhotoSet {
  /** Holds copies of the photos, and nothing else. */
  readonly folder: string;
}

/** Photos with texts to search them by, in a folder of their own. */
export async function captionedPhotos(given: string | undefined, limit: number): Promise<CaptionedPhotos> {
  const set = await photoSet(given, limit);
  if (set.captions.length === 0)
    throw new RangeError('Expected captions.jsonl in the folder of photos or beside it.');
  const place = await temporaryFolder();
  return {
    ...set,
    files: await gather(set.files, place.path),
    folder: place.path,
    [Symbol.asyncDispose]: async () => {
      await place[Symbol.asyncDispose]();
      await set[Symbol.asyncDispose]();
    },
  };
}

/** `count` of them, spread evenly over all there are, from the first round on different ones. */
export function spreadOver<T>(all: readonly T[], count: number): T[] {
  const step = all.length / count;
  return Array.from({ length: count }, (_, i) => all[Math.floor(i * step) % all.length] as T);
}
