import { SightlineError } from '../core/errors.js';
import { type Bundle, bundlePath, openBundle, TOKENIZER_FILE } from './bundle.js';
import { BundleDualEncoder } from './dual-encoder.js';
import { BundleFusedEncoder } from './fused-encoder.js';
import { type GraphProbe, probeGraphs } from './graph-probe.js';
import { SharpImageReader } from './image/image-reader.js';
import { SessionHost } from './runtime/session-host.js';
import { loadTokenizer, type Tokenizer } from './tokenizer/tokenizer.js';

export interface EncoderOptions {
  /** Cores the arithmetic may use. Default: all that this process has. */
  readonly threads?: number | undefined;
}

/** A model at work: its bundle, the reader that prepares pictures for it, and the sessions that run it. */
export class Encoder implements AsyncDisposable {
  readonly bundle: Bundle;
  readonly images: SharpImageReader;
  readonly #dual: BundleDualEncoder | undefined;
  readonly #tokenizer: Tokenizer | undefined;
  readonly #sessions: SessionHost;

  private constructor(bundle: Bundle, tokenizer: Tokenizer | undefined, { threads }: EncoderOptions) {
    this.bundle = bundle;
    this.images = new SharpImageReader(bundle.manifest.imageSize);
    this.#tokenizer = tokenizer;
    this.#sessions = new SessionHost(threads);
    if (tokenizer && bundle.manifest.outputs.includes('embedding'))
      this.#dual = new BundleDualEncoder(bundle, tokenizer, this.#sessions);
  }

  /** Sessions are made when they are first needed. @throws ERR_MODEL_MISSING, ERR_MODEL_INVALID, ERR_TOKENIZER_INVALID */
  static async open(folder: string, options: EncoderOptions = {}): Promise<Encoder> {
    const bundle = await openBundle(folder);
    const readsText = TOKENIZER_FILE in bundle.manifest.files;
    const tokenizer = readsText ? await loadTokenizer(bundlePath(bundle, TOKENIZER_FILE)) : undefined;
    return new Encoder(bundle, tokenizer, options);
  }

  /** @throws ERR_MODEL_CAPABILITY where the model has no retrieval heads */
  get dual(): BundleDualEncoder {
    if (this.#dual) return this.#dual;
    const { name, graphs } = this.bundle.manifest;
    const message = `The model ${name} has no retrieval heads, so nothing can be searched with it; it has the graphs ${graphs.join(', ')}. See which can: sightline models list`;
    throw new SightlineError('ERR_MODEL_CAPABILITY', message, { details: { name, graphs } });
  }

  /** @throws ERR_MODEL_CAPABILITY where the model has no match head */
  fused(): BundleFusedEncoder {
    return new BundleFusedEncoder(this.bundle, this.#tokenizer, this.#sessions);
  }

  /** Runs every graph once, to see that it works. */
  probe(): Promise<GraphProbe[]> {
    return probeGraphs(this.bundle, this.#tokenizer, this.#sessions);
  }

  async close(): Promise<void> {
    await this.#sessions.close();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }
}
