/** Drawn scenes and what is told of them, as files. */
import { access, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import pMap from 'p-map';
import { type RenderSize, renderScene } from './render.js';
import type { Scene } from './scene.js';

/** Scenes drawn at a time: one is encoded while the next is rasterised. */
const CONCURRENCY = 4;

export interface DrawingOptions {
  readonly onProgress?: ((done: number, total: number) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

export interface Picture {
  readonly name: string;
  readonly scene: Scene;
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

/**
 * Draws pictures into a folder, and beside them tables of one JSON object a line. A picture that is there already
 * stays, so a run that was interrupted goes on.
 */
export async function drawFolder(
  folder: string,
  pictures: readonly Picture[],
  tables: Readonly<Record<string, readonly object[]>>,
  { onProgress, signal, size }: DrawingOptions & { readonly size?: RenderSize } = {},
): Promise<void> {
  await mkdir(folder, { recursive: true });
  let done = 0;
  await pMap(
    pictures,
    async ({ name, scene }) => {
      // Quietly, so that what others are writing just now is whole before the run is called off.
      if (signal?.aborted) return;
      const path = join(folder, name);
      if (!(await exists(path))) await writeWhole(path, await renderScene(scene, size));
      done++;
      onProgress?.(done, pictures.length);
    },
    { concurrency: CONCURRENCY },
  );
  signal?.throwIfAborted();
  for (const [name, rows] of Object.entries(tables)) {
    const path = join(folder, name);
    const lines = rows.map((row) => `${JSON.stringify(row)}\n`).join('');
    const before = await readFile(path, 'utf8').catch(() => undefined);
    if (before !== lines) await writeWhole(path, lines);
  }
}
