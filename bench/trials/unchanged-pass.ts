/** A pass over files that have not changed: many paths of few contents, so that the library is made quickly. */
import { readFileSync } from 'node:fs';
import { copyFile, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { openEngine } from '../../src/mod.js';
import { type Effort, effortOf } from '../stopwatch.js';
import { temporaryFolder } from '../temporary-folder.js';
import { trial } from '../trial.js';

export interface UnchangedTrial {
  readonly input: { readonly files: number };
  readonly result: {
    readonly files: number;
    readonly pass: Effort;
    /** Bytes that the process read meanwhile, by the kernel's count; undefined where it does not tell. */
    readonly bytesRead: number | undefined;
  };
}

const CONTENTS = 64;
const IN_A_FOLDER = 500;

function bytesRead(): number | undefined {
  try {
    return Number(/^rchar: (\d+)$/m.exec(readFileSync('/proc/self/io', 'utf8'))?.[1]);
  } catch {
    return undefined;
  }
}

trial<UnchangedTrial>(async ({ files }) => {
  await using place = await temporaryFolder();
  const photos = join(place.path, 'photos');
  for (let i = 0; i < files; i++) {
    const folder = join(photos, String(Math.floor(i / IN_A_FOLDER)));
    if (i % IN_A_FOLDER === 0) await mkdir(folder, { recursive: true });
    const original = join(photos, `${i % CONTENTS}.png`);
    if (i < CONTENTS) {
      const background = { r: i * 4, g: 128, b: 255 - i * 4 };
      await sharp({ create: { width: 32, height: 24, channels: 3, background } }).toFile(original);
    }
    await copyFile(original, join(folder, `${i}.png`));
  }
  await using engine = await openEngine({ dataDir: join(place.path, 'library') });
  await engine.ingest([photos]);
  const before = bytesRead();
  let unchanged = 0;
  const pass = await effortOf(async () => {
    ({ unchanged } = await engine.ingest([photos]));
  });
  const after = bytesRead();
  const read = before === undefined || after === undefined ? undefined : after - before;
  return { files: unchanged, pass, bytesRead: read };
});
