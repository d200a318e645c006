/** Choosing and removing models: what a library's vectors belong to must not get lost by accident. */
import { existsSync } from 'node:fs';
import { readdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { pathError, SightlineError } from '../core/errors.js';
import type { ProviderChoice } from '../core/provider.js';
import { didYouMean } from '../core/typo.js';
import { openBundle } from '../encoder/mod.js';
import { Library, currentModel, neededModels, pendingModel } from '../index/mod.js';
import { PixelFolder } from '../ingest/mod.js';
import { chooseModel, chosenModel } from './library-settings.js';
import { changeModel, type ModelChangeReport, type ModelChangeRequest } from './model-change.js';
import {
  EMBEDDED_NAME,
  importedNames,
  installedModels,
  modelsFolder,
  openEncoder,
  resolveModel,
} from './models.js';

export interface ModelChoice {
  /** What was written down: a name, or the folder of a bundle that lies elsewhere. */
  readonly model: string;
  readonly id: string;
}

/** What is to be used, and how it is to be written down. @throws ERR_MODEL_CAPABILITY where it cannot search */
export async function searchableModel(
  model: string,
  dataDir: string,
): Promise<ModelChoice & { readonly folder: string }> {
  const folder = await resolveModel(model, dataDir);
  const { id, outputs, graphs } = (await openBundle(folder)).manifest;
  if (!outputs.includes('embedding')) {
    const message = `The model ${model} has no retrieval heads, so nothing can be searched with it; it has the graphs ${graphs.join(', ')}. See which can: sightline models list`;
    throw new SightlineError('ERR_MODEL_CAPABILITY', message, { details: { model, graphs } });
  }
  const named = model === EMBEDDED_NAME || folder === join(modelsFolder(dataDir), model);
  return { model: named ? model : folder, id, folder };
}

export interface UseModelRequest extends ModelChangeRequest {
  readonly threads?: number | undefined;
  readonly provider?: ProviderChoice | undefined;
}

export interface UsedModel extends ModelChoice {
  /** What was done where the library had vectors of another model. */
  readonly change?: ModelChangeReport;
}

/**
 * Writes down which model the library uses where none is named. Where its vectors belong to another, it is embedded again
 * first; interrupted, it goes on with the old one, and the same call takes up where it was.
 * @throws ERR_MODEL_CAPABILITY where the model cannot search, ERR_MODEL_MISSING, ERR_MODEL_INVALID, ERR_LIBRARY_LOCKED,
 * ERR_DISK_FULL, ERR_ENCODER_FAILED
 */
export async function useModel(
  model: string,
  dataDir: string,
  request: UseModelRequest = {},
): Promise<UsedModel> {
  const { folder: _folder, ...choice } = await searchableModel(model, dataDir);
  const current = currentModel(dataDir);
  if (current === undefined || current.modelId === choice.id) {
    await chooseModel(dataDir, choice.model);
    return choice;
  }
  const { threads, provider } = request;
  await using encoder = await openEncoder({ model, dataDir, threads, provider });
  await using library = await Library.open({ folder: dataDir, ...current, readOnly: false });
  const { modelId, dimensions, imageSize } = encoder.dual;
  const change = library.beginSwitch({ modelId, dimensions, name: choice.model });
  const pixels = new PixelFolder(join(dataDir, 'pixels'), imageSize);
  const report = await changeModel({ library, change, encoder, pixels }, request, (leaving) =>
    library.completeSwitch(change, leaving, () => {}),
  );
  if (report.changed) await chooseModel(dataDir, choice.model);
  return { ...choice, change: report };
}

/** A model's id without what tells its versions apart. */
const lineOf = (modelId: string): string => modelId.slice(0, modelId.lastIndexOf('-'));

/**
 * A library whose vectors belong to the embedded model of an earlier version, which is nowhere any more, is embedded again
 * with today's: nothing else could search it. Its vectors stay as those of any model that was changed.
 * @returns undefined where there is nothing to renew
 * @throws as useModel
 */
export async function renewModel(
  dataDir: string,
  request: UseModelRequest = {},
): Promise<UsedModel | undefined> {
  const current = currentModel(dataDir);
  if (current === undefined) return undefined;
  const installed = await installedModels(dataDir);
  // Nearly always: what follows is for the start after an update.
  if (installed.some(({ bundle }) => bundle.manifest.id === current.modelId)) return undefined;
  const embedded = installed.find(({ name }) => name === EMBEDDED_NAME)?.bundle.manifest.id;
  if (embedded === undefined || lineOf(embedded) !== lineOf(current.modelId)) return undefined;
  // Whoever chose another model, or began to change to one, wants that one.
  const wanted = [await chosenModel(dataDir), pendingModel(dataDir)?.name];
  if (wanted.some((name) => name !== undefined && name !== EMBEDDED_NAME)) return undefined;
  return useModel(EMBEDDED_NAME, dataDir, request);
}

/** Gives up the change to another model. @returns which one it was; undefined where none was under way */
export async function abandonModelChange(dataDir: string): Promise<string | undefined> {
  const [current, pending] = [currentModel(dataDir), pendingModel(dataDir)];
  if (current === undefined || pending === undefined) return undefined;
  await using library = await Library.open({ folder: dataDir, ...current, readOnly: false });
  library.abandonSwitch();
  return pending.name;
}

export interface RemovedModel {
  readonly name: string;
  readonly folder: string;
  readonly bytes: number;
  /** Whether the library had chosen it; it uses the embedded model again. */
  readonly wasChosen: boolean;
}

async function folderBytes(folder: string): Promise<number> {
  let bytes = 0;
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true }))
    if (entry.isFile()) bytes += (await stat(join(entry.parentPath, entry.name))).size;
  return bytes;
}

/**
 * Ids of models with vectors in the library that only this model can search. Of a damaged bundle nothing is known but that
 * it may be the one that is missing.
 */
async function dependentOn(name: string, dataDir: string): Promise<string[]> {
  const installed = await installedModels(dataDir);
  const own = installed.find((model) => model.name === name)?.bundle.manifest.id;
  const others = installed.filter((model) => model.name !== name).map(({ bundle }) => bundle.manifest.id);
  const orphans = neededModels(dataDir).filter((id) => !others.includes(id));
  return own === undefined ? orphans : orphans.filter((id) => id === own);
}

/**
 * Removes an imported model. It is renamed first: whoever lists models sees it whole or not at all.
 * @throws ERR_REQUEST_INVALID for the embedded model, ERR_MODEL_MISSING, ERR_MODEL_IN_USE
 */
export async function removeModel(
  name: string,
  dataDir: string,
  { force = false }: { readonly force?: boolean } = {},
): Promise<RemovedModel> {
  if (name === EMBEDDED_NAME) {
    const message =
      'The embedded model is part of Sightline and stays; expected the name of an imported one.';
    throw new SightlineError('ERR_REQUEST_INVALID', message);
  }
  // Compared with what is listed, and never joined to a path: a name cannot lead out of the folder.
  const names = await importedNames(dataDir);
  if (!names.includes(name)) {
    const known = names.length > 0 ? `expected one of: ${names.join(', ')}` : 'none has been imported';
    const message = `There is no imported model ${name}; ${known}.${didYouMean(name, names)}`;
    throw new SightlineError('ERR_MODEL_MISSING', message, { details: { model: name, known: names } });
  }
  const needed = force ? [] : await dependentOn(name, dataDir);
  if (needed.length > 0) {
    const message = `The library in ${dataDir} was embedded with ${needed.join(', ')} and cannot be searched without it. Use --force to remove the model all the same.`;
    throw new SightlineError('ERR_MODEL_IN_USE', message, { details: { model: name, library: needed } });
  }
  const folder = join(modelsFolder(dataDir), name);
  const bytes = await folderBytes(folder);
  const leaving = join(modelsFolder(dataDir), `.${name}.${process.pid}.removed`);
  try {
    await rename(folder, leaving);
    await rm(leaving, { recursive: true });
  } catch (error) {
    throw pathError(error, existsSync(folder) ? folder : leaving, 'ERR_INTERNAL');
  }
  const wasChosen = (await chosenModel(dataDir)) === name;
  if (wasChosen) await chooseModel(dataDir, undefined);
  return { name, folder, bytes, wasChosen };
}
