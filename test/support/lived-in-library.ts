/** A library as people have them: copies, a photo that tells where it was taken, captions that repeat, a damaged file. */
import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll } from 'vitest';
import { createApp, listen, type RunningServer } from '#src/api/mod.js';
import { openEngine, type SearchEngine } from '#src/engine/mod.js';
import { demoPhotos } from './demo-photos.js';
import { photoWith } from './photo-with-metadata.js';
import { WEB_FOLDER } from './served-library.js';

export interface LivedIn {
  readonly engine: SearchEngine;
  readonly server: RunningServer;
  /** A folder of the drawn scenes. */
  readonly scenes: string;
  /** The damaged file. */
  readonly damaged: string;
  readonly scratch: string;
}

/** The caption of a scene three times, nearly in the same words. */
const REPEATED = [
  'A red car on a grey street.',
  'The red car is on the grey street',
  'a red car, on a grey street',
  'A blue boat on a lake.',
];

async function furnish(scenes: string, folder: string): Promise<void> {
  mkdirSync(folder, { recursive: true });
  copyFileSync(join(scenes, 'scene-003.jpg'), join(folder, 'copy-of-003.jpg'));
  // Another size and format, the same photo.
  await sharp(join(scenes, 'scene-004.jpg')).resize(400).webp().toFile(join(folder, 'small-004.webp'));
  const told = await photoWith({
    main: { Make: 'Leica', Model: 'Q2' },
    exif: { DateTimeOriginal: '2024:05:31 18:30:00', ISOSpeedRatings: '400', FocalLength: '28/1' },
    gps: {
      GPSLatitudeRef: 'N',
      GPSLatitude: '48/1 8/1 0/1',
      GPSLongitudeRef: 'E',
      GPSLongitude: '11/1 34/1 0/1',
    },
  });
  writeFileSync(join(folder, 'told.jpg'), told);
  writeFileSync(join(folder, 'damaged.jpg'), 'no picture at all');
  const lines = REPEATED.map((caption) => JSON.stringify({ caption }));
  writeFileSync(join(folder, 'repeated.jsonl'), `${lines.join('\n')}\n`);
}

/** Opened for the tests of a file. */
export function livedInLibrary(count: number): LivedIn {
  const { photos: scenes, scratch } = demoPhotos(count);
  const folder = join(scratch, 'others');
  const there: { engine?: SearchEngine; server?: RunningServer } = {};
  beforeAll(async () => {
    await furnish(scenes, folder);
    there.engine = await openEngine({ dataDir: join(scratch, 'library') });
    await there.engine.ingest([scenes, folder, join(folder, 'repeated.jsonl')]);
    const app = createApp(there.engine, { version: '1.2.3', webFolder: WEB_FOLDER });
    there.server = await listen(app, '127.0.0.1', 0);
  });
  afterAll(async () => {
    await there.server?.close();
    await there.engine?.close();
  });
  return {
    scenes,
    scratch,
    damaged: join(folder, 'damaged.jpg'),
    get engine() {
      return there.engine as SearchEngine;
    },
    get server() {
      return there.server as RunningServer;
    },
  };
}
