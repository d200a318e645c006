import { SightlineError } from '../core/errors.js';
import { type Bundle, bundlePath, graphFile } from './bundle.js';
import { pixelTensor } from './dual-encoder.js';
import type { SessionHost } from './runtime/session-host.js';
import { tokenBatch } from './token-batch.js';
import type { Tokenizer } from './tokenizer/tokenizer.js';

export interface ImageTextPair {
  /** RGB [S, S, 3]. */
  readonly pixels: Uint8Array;
  readonly text: string;
}

const PAIR_BATCH = 16;

/** BEiT-3 with picture and text in the backbone together: every word looks at every patch. */
export class BundleFusedEncoder {
  readonly #bundle: Bundle;
  readonly #tokenizer: Tokenizer;
  readonly #sessions: SessionHost;

  /** @throws ERR_MODEL_CAPABILITY where the model has no match head */
  constructor(bundle: Bundle, tokenizer: Tokenizer | undefined, sessions: SessionHost) {
    if (!tokenizer || !bundle.manifest.outputs.includes('match_logits')) {
      const message = `The model ${bundle.manifest.name} has no match head, so it cannot rerank. See which can: sightline models list`;
      throw new SightlineError('ERR_MODEL_CAPABILITY', message);
    }
    this.#bundle = bundle;
    this.#tokenizer = tokenizer;
    this.#sessions = sessions;
  }

  /** Log-odds that the text fits the picture, for each pair. */
  async matchScores(pairs: readonly ImageTextPair[]): Promise<number[]> {
    const { maxTokens, imageSize } = this.#bundle.manifest;
    const graph = bundlePath(this.#bundle, graphFile('fused'));
    const scores: number[] = [];
    for (let start = 0; start < pairs.length; start += PAIR_BATCH) {
      const batch = pairs.slice(start, start + PAIR_BATCH);
      const ids = batch.map(({ text }) => this.#tokenizer.tokenize(text, maxTokens).ids);
      const pixels = pixelTensor(
        batch.map((pair) => pair.pixels),
        imageSize,
      );
      const outputs = await this.#sessions.run(
        graph,
        { pixels, ...tokenBatch(ids, this.#tokenizer.padId) },
        'batch',
      );
      const logits = outputs['match_logits']?.data as Float32Array;
      for (let row = 0; row < batch.length; row++) {
        scores.push((logits[2 * row + 1] as number) - (logits[2 * row] as number));
      }
    }
    return scores;
  }
}
