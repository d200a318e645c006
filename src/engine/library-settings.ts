/** `settings.json` in the library's folder: what the library itself remembers. A flag or a variable wins over it. */
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { pathError, SightlineError, systemCode } from '../core/errors.js';

interface LibrarySettings {
  /** As `--model` takes it. */
  readonly model?: string | undefined;
}

const settingsSchema: z.ZodType<LibrarySettings> = z.strictObject({ model: z.string().min(1).optional() });

const settingsFile = (dataDir: string): string => join(dataDir, 'settings.json');

async function readSettings(dataDir: string): Promise<LibrarySettings> {
  const path = settingsFile(dataDir);
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return {};
    throw pathError(error, path, 'ERR_CONFIG_INVALID');
  }
  try {
    return settingsSchema.parse(JSON.parse(text));
  } catch (error) {
    const message = `Expected ${path} to hold {"model": NAME} but it holds something else. Delete it, and choose again: sightline models use NAME`;
    throw new SightlineError('ERR_CONFIG_INVALID', message, { cause: error, details: { path } });
  }
}

/** The model that the library uses where none is named. @throws ERR_CONFIG_INVALID */
export async function chosenModel(dataDir: string): Promise<string | undefined> {
  return (await readSettings(dataDir)).model;
}

/** Renamed into place, so that a reader sees the old choice or the new one. */
export async function chooseModel(dataDir: string, model: string | undefined): Promise<void> {
  const path = settingsFile(dataDir);
  const unfinished = `${path}.${process.pid}`;
  try {
    await mkdir(dataDir, { recursive: true });
    await writeFile(unfinished, `${JSON.stringify({ model })}\n`);
    await rename(unfinished, path);
  } catch (error) {
    throw pathError(error, path, 'ERR_CONFIG_INVALID');
  }
}
