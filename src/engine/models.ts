/** Where models lie: the embedded one with the program, others under the library's folder. */
import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { SightlineError } from '../core/errors.js';
import { didYouMean } from '../core/typo.js';
import { type Bundle, Encoder, type EncoderOptions, openBundle } from '../encoder/mod.js';
import { currentModel } from '../index/mod.js';
import { chosenModel } from './library-settings.js';

/** Found from the compiled file, dist/src/engine/models.js. */
const EMBEDDED_MODEL = fileURLToPath(new URL('../../../data/model', import.meta.url));

export const EMBEDDED_NAME = 'embedded';

export interface InstalledModel {
  /** What `--model` takes. */
  readonly name: string;
  readonly folder: string;
  readonly bundle: Bundle;
}

/** Where imported models go. */
export function modelsFolder(dataDir: string): string {
  return join(dataDir, 'models');
}

/** Names of the folders with imported models, whole or damaged. */
export async function importedNames(dataDir: string): Promise<string[]> {
  const entries = await readdir(modelsFolder(dataDir), { withFileTypes: true }).catch(() => []);
  return entries
    .filter((entry) => entry.isDirectory() && !entry.name.startsWith('.'))
    .map(({ name }) => name);
}

/** Every model that can be opened; damaged ones are told to `onDamaged`. */
export async function installedModels(
  dataDir: string,
  onDamaged: (folder: string, error: unknown) => void = () => {},
): Promise<InstalledModel[]> {
  const places = [{ name: EMBEDDED_NAME, folder: EMBEDDED_MODEL }];
  for (const name of await importedNames(dataDir))
    places.push({ name, folder: join(modelsFolder(dataDir), name) });
  const models: InstalledModel[] = [];
  for (const place of places) {
    try {
      models.push({ ...place, bundle: await openBundle(place.folder) });
    } catch (error) {
      onDamaged(place.folder, error);
    }
  }
  return models;
}

async function folderOf(model: string, dataDir: string, remark = ''): Promise<string> {
  if (model === EMBEDDED_NAME) return EMBEDDED_MODEL;
  const imported = join(modelsFolder(dataDir), model);
  if (existsSync(imported)) return imported;
  if (existsSync(join(model, 'manifest.json'))) return resolve(model);
  const names = [EMBEDDED_NAME, ...(await importedNames(dataDir))];
  const message = `There is no model ${model}; expected a folder with a bundle, or one of: ${names.join(', ')}.${didYouMean(model, names)}${remark}`;
  throw new SightlineError('ERR_MODEL_MISSING', message, { details: { model, known: names } });
}

/** The library itself knows best whose vectors it has: what was written down beside it may be older. */
async function ownFolder(chosen: string, dataDir: string): Promise<string> {
  let current: string | undefined;
  try {
    current = currentModel(dataDir)?.modelId;
  } catch {
    // Whoever opens the library tells what is wrong with it.
  }
  if (current === undefined || (await openBundle(chosen)).manifest.id === current) return chosen;
  const own = (await installedModels(dataDir)).find(({ bundle }) => bundle.manifest.id === current);
  return own?.folder ?? chosen;
}

/**
 * The folder of a model: the embedded one, an imported one by its name, or any bundle by its path. Without a model it is
 * the one whose vectors the library has; of an empty one, the one that was chosen, or the embedded one.
 * @throws ERR_MODEL_MISSING, ERR_CONFIG_INVALID where the library's settings cannot be read
 */
export async function resolveModel(model: string | undefined, dataDir: string): Promise<string> {
  if (model !== undefined) return folderOf(model, dataDir);
  const chosen = await chosenModel(dataDir);
  const remark = ` The library in ${dataDir} chose it; choose another: sightline models use NAME`;
  return ownFolder(chosen === undefined ? EMBEDDED_MODEL : await folderOf(chosen, dataDir, remark), dataDir);
}

/** The bundle of a model, by the names that `resolveModel` knows. @throws ERR_MODEL_MISSING, ERR_MODEL_INVALID */
export async function openModel(model: string | undefined, dataDir: string): Promise<Bundle> {
  return openBundle(await resolveModel(model, dataDir));
}

/** A model, as it is named, and how it is to run. */
export interface ModelChoice extends Omit<EncoderOptions, 'providerFile' | 'candidates'> {
  readonly model?: string | undefined;
  readonly dataDir: string;
}

/**
 * The encoder of a model. Which provider it runs best on is kept with the library.
 * @throws ERR_MODEL_MISSING, ERR_MODEL_INVALID, ERR_TOKENIZER_INVALID, ERR_PROVIDER_UNAVAILABLE
 */
export async function openEncoder({ model, dataDir, ...options }: ModelChoice): Promise<Encoder> {
  const providerFile = join(dataDir, 'provider.json');
  return Encoder.open(await resolveModel(model, dataDir), { ...options, providerFile });
}
