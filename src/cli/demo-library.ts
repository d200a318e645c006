import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { SearchEngine } from '../engine/mod.js';
import { progressBar } from './progress-bar.js';

const demoFolder = (dataDir: string): string => join(dataDir, 'demo');

/** Scenes that are drawn and ingested before the rest, so that there is something to find within seconds. */
const FIRST_SCENES = 40;

/** Draws the demo collection into the library's own folder, telling the folder when there is something new to ingest. */
export async function* drawDemo(dataDir: string, signal: AbortSignal): AsyncGenerator<string> {
  const { DEMO_COUNT } = await import('../../data/demo/mod.js');
  for (const count of [FIRST_SCENES, DEMO_COUNT]) yield drawScenes(demoFolder(dataDir), count, signal);
}

async function drawScenes(folder: string, count: number, signal: AbortSignal): Promise<string> {
  const { drawDemoCollection } = await import('../../data/demo/mod.js');
  const bar = progressBar('Drawing the demo collection');
  try {
    await drawDemoCollection(folder, { count, signal, onProgress: (done, total) => bar.update(done, total) });
  } finally {
    bar.stop();
  }
  return folder;
}

/** The demo makes way for real photos: drawn scenes among them would only disturb. */
export async function retireDemo(engine: SearchEngine, dataDir: string): Promise<void> {
  const folder = demoFolder(dataDir);
  if (!existsSync(folder)) return;
  engine.forget(folder);
  await rm(folder, { recursive: true, force: true });
}
