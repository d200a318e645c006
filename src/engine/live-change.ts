/**
 * The change to another model beside a library that is in use: everything is embedded again in the background while the old
 * vectors answer. Then, while nothing is ingested, vectors and encoder are exchanged in one moment: no query waits for it,
 * and nothing that runs ever sees one model's query among the other one's vectors. A process that ends before that leaves
 * what it embedded to the next one.
 */
import { join } from 'node:path';
import { asSightlineError, type ErrorCode } from '../core/errors.js';
import type { Log } from '../core/log.js';
import type { Encoder } from '../encoder/mod.js';
import { currentModel, Library, type ModelSwitch, pendingModel } from '../index/mod.js';
import { PixelFolder } from '../ingest/mod.js';
import { chooseModel } from './library-settings.js';
import { searchableModel } from './model-care.js';
import {
  changeModel,
  type ModelChangeProgress,
  type ModelChangeReport,
  type ModelChangeRequest,
} from './model-change.js';
import { type ModelChoice, openEncoder, openModel } from './models.js';

export const CHANGE_PHASES = [
  'opening',
  'embedding',
  'indexing',
  'exchanging',
  'stopped',
  'changed',
] as const;

/** How far the change to another model is, or how the last one ended. */
export interface ModelChangeState {
  /** As `--model` takes it. */
  readonly to: string;
  readonly phase: (typeof CHANGE_PHASES)[number];
  /** Items, of all that there are, that have a vector of it, or stand in its graph. */
  readonly done: number;
  readonly total: number;
  /** Photos whose files cannot be read: where there are any, the model is not exchanged. */
  readonly unreadable: readonly string[];
  /** What stopped it. */
  readonly error: { readonly code: ErrorCode; readonly message: string } | null;
}

export interface LiveChangeParts {
  readonly library: Library;
  readonly dataDir: string;
  /** How the other model is to run. */
  readonly running: Omit<ModelChoice, 'model'>;
  readonly log: Log;
  /** Everything but the library uses this encoder from the moment on in which `swap` tells that the library does. */
  readonly exchange: (encoder: Encoder, swap: (onSwap: () => void) => Promise<boolean>) => Promise<boolean>;
}

interface Target {
  readonly name: string;
  /** The model that is meant, in case another has its name by now. */
  readonly id: string;
}

export class LiveChange {
  readonly #parts: LiveChangeParts;
  #stopping = new AbortController();
  #work: Promise<ModelChangeReport | undefined> | undefined;
  #state: ModelChangeState | null = null;

  constructor(parts: LiveChangeParts) {
    this.#parts = parts;
  }

  /** Null where there was none since the library was opened. */
  get state(): ModelChangeState | null {
    return this.#state;
  }

  /**
   * Begins the change to a model, or goes on with it, in the background; one to a third model is stopped. To the model that
   * is in use means to give a change up.
   * @throws ERR_MODEL_MISSING, ERR_MODEL_INVALID, ERR_MODEL_CAPABILITY where it cannot search
   */
  async begin(model: string, request: Omit<ModelChangeRequest, 'signal'> = {}): Promise<void> {
    const { library, dataDir } = this.#parts;
    const { model: name, id } = await searchableModel(model, dataDir);
    await this.stop();
    if (id === library.modelId) return this.abandon();
    void this.#start({ name, id }, request);
  }

  /** Goes on with a change that was begun, to its end. @returns undefined where none was, or its model is another by now */
  goOn(request: ModelChangeRequest = {}): Promise<ModelChangeReport | undefined> {
    const pending = this.#parts.library.pendingModel;
    if (pending === undefined || this.#work) return this.#work ?? Promise.resolve(undefined);
    return this.#start({ name: pending.name, id: pending.modelId }, request);
  }

  /** Resolves when the change under way has ended, however it did. */
  async ended(): Promise<void> {
    await this.#work?.catch(() => {});
  }

  /** Gives a change up: vectors that were made for it go. */
  async abandon(): Promise<void> {
    await this.stop();
    this.#parts.library.abandonSwitch();
    this.#state = null;
  }

  /** Stops what is under way; what was embedded stays for the next time. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.ended();
  }

  #start(target: Target, request: ModelChangeRequest): Promise<ModelChangeReport | undefined> {
    this.#stopping = new AbortController();
    const { signal } = this.#stopping;
    const stop = request.signal ? AbortSignal.any([request.signal, signal]) : signal;
    this.#state = { to: target.name, phase: 'opening', done: 0, total: 0, unreadable: [], error: null };
    const work = this.#run(target, { ...request, signal: stop }).then(
      (report) => this.#stopped(report),
      (error: unknown) => this.#failed(error),
    );
    this.#work = work;
    // Whoever began it need not wait for it; how it ended is told by the state.
    work.catch(() => {});
    return work;
  }

  #stopped(report: ModelChangeReport | undefined): ModelChangeReport | undefined {
    const { changed = false, unreadable = [] } = report ?? {};
    this.#tell({ phase: changed ? 'changed' : 'stopped', unreadable });
    this.#work = undefined;
    return report;
  }

  #failed(error: unknown): never {
    const { code, message } = asSightlineError(error);
    this.#parts.log.error({ code, error: message }, 'the library could not change to another model');
    this.#tell({ phase: 'stopped', error: { code, message } });
    this.#work = undefined;
    throw error;
  }

  #tell(news: Partial<ModelChangeState>): void {
    if (this.#state) this.#state = { ...this.#state, ...news };
  }

  async #run({ name, id }: Target, request: ModelChangeRequest): Promise<ModelChangeReport | undefined> {
    const { library, dataDir, running, log } = this.#parts;
    const encoder = await openEncoder({ ...running, model: name });
    let isInUse = false;
    try {
      const { modelId, dimensions, imageSize } = encoder.dual;
      if (modelId !== id) return undefined;
      // Behind those who search.
      encoder.standBack();
      const change = library.beginSwitch({ modelId, dimensions, name });
      this.#tell(change.progress());
      const pixels = new PixelFolder(join(dataDir, 'pixels'), imageSize);
      const onProgress = (progress: ModelChangeProgress): void => {
        const { stage: phase, done, total } = progress;
        this.#tell({ phase, done, total });
        request.onProgress?.(progress);
      };
      const parts = { library, change, encoder, pixels };
      const report = await changeModel(parts, { ...request, onProgress }, async (leaving) => {
        isInUse = await this.#exchange(encoder, change, leaving, request.signal);
        return isInUse;
      });
      if (report.changed) {
        await chooseModel(dataDir, name);
        log.info({ to: modelId }, 'the library uses another model');
      }
      return report;
    } finally {
      if (!isInUse) await encoder.close();
    }
  }

  async #exchange(
    encoder: Encoder,
    change: ModelSwitch,
    leaving: Parameters<Library['completeSwitch']>[1],
    signal: AbortSignal | undefined,
  ): Promise<boolean> {
    this.#tell({ phase: 'exchanging' });
    // Loaded before it is in use: no query waits for it.
    await encoder.dual.embedTexts(['a photo']);
    return this.#parts.exchange(encoder, async (onSwap) => {
      if (signal?.aborted) return false;
      return this.#parts.library.completeSwitch(change, leaving, onSwap);
    });
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
