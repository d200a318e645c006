import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { SearchEngine } from '../engine/mod.js';
import { progressBar } from './progress-bar.js';

const demoFolder = (dataDir: string): string => join(dataDir, 'demo');

/** Draws the demo collection into the library's own folder and returns what to ingest. */
export async function drawDemo(dataDir: string, signal: AbortSignal): Promise<string> {
  const { drawDemoCollection } = await import('../../data/demo/mod.js');
  const folder = demoFolder(dataDir);
  const bar = progressBar('Drawing the demo collection');
  try {
    await drawDemoCollection(folder, { signal, onProgress: (done, total) => bar.update(done, total) });
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
