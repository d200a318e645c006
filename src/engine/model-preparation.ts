/**
 * The change to another model beside a library that is in use: everything is embedded again in the background, and the old
 * vectors answer until the end. The exchange itself is left to the next opening, which finds nothing missing and needs a
 * moment: nothing that runs ever sees one model's query among the other one's vectors.
 */
import { join } from 'node:path';
import { asSightlineError } from '../core/errors.js';
import type { Log } from '../core/log.js';
import { currentModel, Library, pendingModel } from '../index/mod.js';
import { PixelFolder } from '../ingest/mod.js';
import { chooseModel } from './library-settings.js';
import { changeModel, type ModelChangeReport, type ModelChangeRequest } from './model-change.js';
import { type ModelChoice, openEncoder, openModel } from './models.js';

export class ModelPreparation {
  readonly #library: Library;
  readonly #options: Omit<ModelChoice, 'model'>;
  readonly #stopping = new AbortController();
  #work: Promise<unknown> | undefined;

  constructor(library: Library, options: Omit<ModelChoice, 'model'>) {
    this.#library = library;
    this.#options = options;
  }

  /** Goes on with a change that was begun. @returns undefined where none was, or its model is another by now */
  goOn(request: ModelChangeRequest): Promise<ModelChangeReport | undefined> {
    const { signal } = this.#stopping;
    const stop = request.signal ? AbortSignal.any([request.signal, signal]) : signal;
    const work = this.#prepare({ ...request, signal: stop });
    this.#work = work.catch(() => {});
    return work;
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#work;
  }

  async #prepare(request: ModelChangeRequest): Promise<ModelChangeReport | undefined> {
    const library = this.#library;
    const pending = library.pendingModel;
    if (pending === undefined) return undefined;
    await using encoder = await openEncoder({ ...this.#options, model: pending.name });
    const { modelId, dimensions, imageSize } = encoder.dual;
    if (modelId !== pending.modelId) return undefined;
    const change = library.beginSwitch({ modelId, dimensions, name: pending.name });
    const pixels = new PixelFolder(join(this.#options.dataDir, 'pixels'), imageSize);
    const parts = { library, change, encoder, pixels };
    const report = await changeModel(parts, request, () => Promise.resolve(true));
    return { ...report, changed: false };
  }
}

/** Exchanges the models where a change has nothing left to embed. Whatever is in the way leaves the old one in use. */
export async function finishModelChange(dataDir: string, log: Log): Promise<void> {
  try {
    const [current, pending] = [currentModel(dataDir), pendingModel(dataDir)];
    if (current === undefined || pending === undefined) return;
    const { id, dimensions } = (await openModel(pending.name, dataDir)).manifest;
    if (id !== pending.modelId) return;
    await using library = await Library.open({ folder: dataDir, ...current, readOnly: false });
    const change = library.beginSwitch({ ...pending, dimensions });
    if (!change.isComplete([]) || !(await library.completeSwitch(change, [], () => {}))) return;
    await chooseModel(dataDir, pending.name);
    log.info({ from: current.modelId, to: id }, 'the library uses another model');
  } catch (error) {
    log.warn({ error: asSightlineError(error).message }, 'the change of model could not be ended');
  }
}
