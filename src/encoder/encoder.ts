import { SightlineError } from '../core/errors.js';
import type { ScorerName } from '../core/fusion.js';
import type { Provider } from '../core/provider.js';
import { type Bundle, bundlePath, openBundle, TOKENIZER_FILE } from './bundle.js';
import { BundleDualEncoder } from './dual-encoder.js';
import { type GraphProbe, probeGraphs } from './graph-probe.js';
import { Captioner } from './caption/captioner.js';
import { SharpImageReader } from './image/image-reader.js';
import {
  type ProviderOptions,
  type ProviderUse,
  probeRuns,
  requireProvider,
  selectProvider,
} from './provider-selection.js';
import type { ProbeRun } from './runtime/provider-trial.js';
import { SessionHost } from './runtime/session-host.js';
import type { PairScorer } from './scorers/pair-scorer.js';
import { lacksScorer, makeScorer, scorersOf } from './scorers/scorer-catalogue.js';
import { ScorerParts } from './scorers/scorer-parts.js';
import { readReferences } from './reference-embeddings.js';
import { loadTokenizer, type Tokenizer } from './tokenizer/tokenizer.js';

export interface EncoderOptions extends ProviderOptions {
  /** Cores the arithmetic may use. Default: all that this process has. */
  readonly threads?: number | undefined;
  /** Minutes after which a graph that nobody uses leaves memory; 0: never. Default: 15. */
  readonly idleMinutes?: number | undefined;
  /** Reads SVG drawings, too. Default false. */
  readonly drawings?: boolean | undefined;
  /** Bytes for what a scorer keeps of pictures. Default: 256 MiB. */
  readonly imageCacheBytes?: number | undefined;
}

const MINUTE = 60_000;
const IMAGE_CACHE_BYTES = 256 * 1024 * 1024;

/** A model at work: its bundle, the reader that prepares pictures for it, and the sessions that run it. */
export class Encoder implements AsyncDisposable {
  readonly bundle: Bundle;
  /** What it runs on, and why. */
  readonly provider: ProviderUse;
  readonly images: SharpImageReader;
  readonly #dual: BundleDualEncoder | undefined;
  readonly #tokenizer: Tokenizer | undefined;
  readonly #sessions: SessionHost;
  /** Where work in the background is done, once it stands back. */
  #background: SessionHost | undefined;
  readonly #newSessions: (lowPriority: boolean) => SessionHost;
  readonly #imageCacheBytes: number;
  readonly #scorers = new Map<ScorerName, PairScorer>();
  #references: Promise<Float32Array | undefined> | undefined;

  private constructor(
    bundle: Bundle,
    tokenizer: Tokenizer | undefined,
    provider: ProviderUse,
    options: EncoderOptions,
  ) {
    this.provider = provider;
    this.bundle = bundle;
    const { imageSize, preprocessing } = bundle.manifest;
    const { drawings } = options;
    this.images = new SharpImageReader(imageSize, { drawings, resize: preprocessing.resize });
    this.#tokenizer = tokenizer;
    const { threads, idleMinutes, imageCacheBytes = IMAGE_CACHE_BYTES } = options;
    this.#imageCacheBytes = imageCacheBytes;
    const idleMs = idleMinutes === undefined ? undefined : idleMinutes * MINUTE;
    const sessions = { idleMs, provider: provider.provider, fallBack: !provider.required };
    this.#newSessions = (lowPriority) => new SessionHost(threads, { ...sessions, lowPriority });
    this.#sessions = this.#newSessions(false);
    if (tokenizer && bundle.manifest.outputs.includes('embedding'))
      this.#dual = new BundleDualEncoder(bundle, tokenizer, this.#sessions);
  }

  /**
   * Sessions are made when they are first needed, unless providers have to be tried.
   * @throws ERR_MODEL_MISSING, ERR_MODEL_INVALID, ERR_TOKENIZER_INVALID, ERR_PROVIDER_UNAVAILABLE
   */
  static async open(folder: string, options: EncoderOptions = {}): Promise<Encoder> {
    const bundle = await openBundle(folder);
    const readsText = TOKENIZER_FILE in bundle.manifest.files;
    const tokenizer = readsText ? await loadTokenizer(bundlePath(bundle, TOKENIZER_FILE)) : undefined;
    const comparable = bundle.manifest.outputs.includes('embedding');
    const runs = (): ProbeRun[] => (tokenizer && comparable ? probeRuns(bundle, tokenizer) : []);
    const provider = await selectProvider(bundle, runs, options);
    const encoder = new Encoder(bundle, tokenizer, provider, options);
    if (provider.required && provider.provider !== 'cpu') await encoder.#require(provider.provider, runs());
    return encoder;
  }

  /** @throws ERR_MODEL_CAPABILITY where the model has no retrieval heads */
  get dual(): BundleDualEncoder {
    if (this.#dual) return this.#dual;
    const { name, graphs } = this.bundle.manifest;
    const message = `The model ${name} has no retrieval heads, so nothing can be searched with it; it has the graphs ${graphs.join(', ')}. See which can: sightline models list`;
    throw new SightlineError('ERR_MODEL_CAPABILITY', message, { details: { name, graphs } });
  }

  /**
   * Embeddings of reference captions, one after the other, where the bundle has them; read once.
   * @throws ERR_PATH_UNREADABLE, and the next call tries again
   */
  references(): Promise<Float32Array | undefined> {
    this.#references ??= readReferences(this.bundle).catch((error: unknown) => {
      this.#references = undefined;
      throw error;
    });
    return this.#references;
  }

  /** How the model can judge pairs of picture and text, the best head first. */
  get scorers(): readonly ScorerName[] {
    return scorersOf(this.bundle.manifest);
  }

  /** @throws ERR_MODEL_CAPABILITY where the model has no head for it */
  scorer(name: ScorerName): PairScorer {
    const kept = this.#scorers.get(name);
    if (kept) return kept;
    if (!this.#tokenizer) throw lacksScorer(name, this.bundle.manifest);
    const parts = new ScorerParts(this.bundle, this.#tokenizer, this.#sessions);
    const scorer = makeScorer(name, parts, this.#imageCacheBytes);
    this.#scorers.set(name, scorer);
    return scorer;
  }

  /** @throws ERR_MODEL_CAPABILITY where the model writes no captions */
  get captioner(): Captioner {
    const { name, graphs } = this.bundle.manifest;
    if (this.#tokenizer && graphs.includes('caption-step'))
      return new Captioner(new ScorerParts(this.bundle, this.#tokenizer, this.#sessions), this.#tokenizer);
    const message = `The model ${name} has no captioning head, so it cannot describe pictures. Import a captioning checkpoint: sightline models import --help`;
    throw new SightlineError('ERR_MODEL_CAPABILITY', message, { details: { name, graphs } });
  }

  /** Runs every graph once, to see that it works. */
  probe(): Promise<GraphProbe[]> {
    return probeGraphs(this.bundle, this.#tokenizer, this.#sessions);
  }

  /**
   * From now on what nobody waits for is encoded by sessions and threads of their own, behind other threads, so that a
   * query neither waits for a run of it nor shares the cores with it. A graph that both sides use is in memory twice.
   */
  standBack(): void {
    // A card knows no priorities, and its memory is short.
    if (this.provider.provider !== 'cpu') return;
    this.#background ??= this.#newSessions(true);
    this.#dual?.workInBackgroundWith(this.#background);
  }

  async close(): Promise<void> {
    await this.#sessions.close();
    await this.#background?.close();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  async #require(provider: Provider, runs: readonly ProbeRun[]): Promise<void> {
    try {
      await requireProvider(provider, this.#sessions, runs);
    } catch (error) {
      await this.close();
      throw error;
    }
  }
}
