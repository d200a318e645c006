/**
 * A pass over files that have not changed. The library is told of photos that nobody encoded, and the files hold another
 * content than it was told: whoever opened one would notice.
 */
import { lstatSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { NO_METADATA } from '../../src/core/photo-metadata.js';
import type { LibraryChange } from '../../src/core/ports.js';
import { openBundle } from '../../src/encoder/mod.js';
import { Library } from '../../src/index/mod.js';
import { openEngine } from '../../src/mod.js';
import { EMBEDDED_MODEL } from '../embedded-model.js';
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

/** Paths of one photo: the graph of the vectors is not what is measured here. */
const COPIES = 20;
const IN_A_FOLDER = 500;
const BATCH = 2000;

function bytesRead(): number | undefined {
  try {
    return Number(/^rchar: (\d+)$/m.exec(readFileSync('/proc/self/io', 'utf8'))?.[1]);
  } catch {
    return undefined;
  }
}

function photoAt(path: string, number: number, dimensions: number): LibraryChange {
  writeFileSync(path, 'x');
  const { size, mtimeMs } = lstatSync(path);
  const content = Math.floor(number / COPIES);
  const embedding = new Float32Array(dimensions);
  embedding[content % dimensions] = 1;
  const photo = { width: 4000, height: 3000, format: 'jpeg', metadata: NO_METADATA, embedding };
  const contentHash = content.toString(16).padStart(64, '0');
  return { type: 'photo', file: { path, size, mtimeMs }, contentHash, photo };
}

async function fill(dataDir: string, photos: string, files: number): Promise<void> {
  const { manifest } = await openBundle(EMBEDDED_MODEL);
  const { id: modelId, dimensions } = manifest;
  await using library = await Library.open({ folder: dataDir, modelId, dimensions, readOnly: false });
  let changes: LibraryChange[] = [];
  for (let i = 0; i < files; i++) {
    const folder = join(photos, String(Math.floor(i / IN_A_FOLDER)));
    if (i % IN_A_FOLDER === 0) mkdirSync(folder, { recursive: true });
    changes.push(photoAt(join(folder, `${i}.jpg`), i, dimensions));
    if (changes.length < BATCH && i + 1 < files) continue;
    library.commit(changes);
    changes = [];
  }
}

trial<UnchangedTrial>(async ({ files }) => {
  await using place = await temporaryFolder();
  const [photos, dataDir] = [join(place.path, 'photos'), join(place.path, 'library')];
  await fill(dataDir, photos, files);
  await using engine = await openEngine({ dataDir });
  const before = bytesRead();
  const pass = await effortOf(async () => {
    const { unchanged, failed } = await engine.ingest([photos]);
    if (unchanged !== files || failed.length > 0)
      throw new Error(`Expected ${files} unchanged files but ${unchanged} are, and ${failed.length} failed.`);
  });
  const after = bytesRead();
  const read = before === undefined || after === undefined ? undefined : after - before;
  return { files, pass, bytesRead: read };
});
