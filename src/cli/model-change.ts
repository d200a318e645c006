import { type ModelChangeProgress, type ModelChangeReport, renewModel } from '../engine/mod.js';
import type { Context } from './context.js';
import { note } from './output.js';
import { progressBar } from './progress-bar.js';

const TOLD_FILES = 10;

const TITLES = { embedding: 'Embedding', indexing: 'Building the index' } as const;

/** Shows how far a change of model is while it runs. */
export async function showingChange<T>(
  change: (onProgress: (progress: ModelChangeProgress) => void) => Promise<T>,
): Promise<T> {
  const bar = progressBar('Changing the model');
  return change(({ stage, done, total }) => bar.update(done, total, TITLES[stage])).finally(() => bar.stop());
}

export function tellChange({
  id,
  name,
  embedded,
  unreadable,
  changed,
  interrupted,
}: ModelChangeReport): void {
  note(`${embedded} items were embedded with ${id}`);
  for (const path of unreadable.slice(0, TOLD_FILES)) note(`cannot be read: ${path}`);
  if (unreadable.length > TOLD_FILES) note(`… and ${unreadable.length - TOLD_FILES} more`);
  if (changed) return;
  if (interrupted) note('Interrupted. What was embedded is kept; the same command goes on.');
  else
    note(
      `The library was not changed: ${unreadable.length} photos cannot be read. Bring their files back or ingest their folders again, or leave them out with: sightline models use ${name} --leave-unreadable. They are then not found until they are ingested again.`,
    );
}

/**
 * Before a library is opened for writing: one of an earlier Sightline's embedded model is embedded again with today's, and it
 * says so. Nothing happens where a model is named.
 */
export async function renewLibrary({ config, signal }: Context): Promise<void> {
  const { dataDir, threads, provider, model } = config;
  if (model !== undefined) return;
  const renewed = await showingChange((onProgress) =>
    renewModel(dataDir, { signal, threads, provider, onProgress }),
  );
  if (renewed?.change === undefined) return;
  note(`This library was embedded with the model of an earlier Sightline; today's is ${renewed.id}.`);
  tellChange(renewed.change);
  signal.throwIfAborted();
}
