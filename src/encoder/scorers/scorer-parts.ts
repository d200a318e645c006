import { type Bundle, bundlePath, graphFile } from '../bundle.js';
import type { GraphName } from '../beit3/abilities.js';
import type { Tensors, WireTensor } from '../runtime/messages.js';
import type { SessionHost, Urgency } from '../runtime/session-host.js';
import { tokenBatch } from '../token-batch.js';
import type { Tokenizer } from '../tokenizer/tokenizer.js';

/** What a scorer works with: a model's graphs and its words. */
export class ScorerParts {
  readonly bundle: Bundle;
  readonly #tokenizer: Tokenizer;
  readonly #sessions: SessionHost;

  constructor(bundle: Bundle, tokenizer: Tokenizer, sessions: SessionHost) {
    this.bundle = bundle;
    this.#tokenizer = tokenizer;
    this.#sessions = sessions;
  }

  get imageSize(): number {
    return this.bundle.manifest.imageSize;
  }

  /** Token ids, `<s>` first and `</s>` last, cut to what the model reads. */
  tokenize(text: string): readonly number[] {
    return this.#tokenizer.tokenize(text, this.bundle.manifest.maxTokens).ids;
  }

  /** `input_ids` and `attention_mask`. */
  textFeeds(texts: readonly (readonly number[])[]): Tensors {
    return tokenBatch(texts, this.#tokenizer.padId);
  }

  run(graph: GraphName, feeds: Tensors, urgency: Urgency): Promise<Tensors> {
    return this.#sessions.run(bundlePath(this.bundle, graphFile(graph)), feeds, urgency);
  }
}

export interface FloatTensor extends WireTensor {
  readonly data: Float32Array;
}

/** A float32 output of a graph. */
export function floats(outputs: Tensors, name: string): FloatTensor {
  const tensor = outputs[name];
  if (!(tensor?.data instanceof Float32Array))
    throw new TypeError(`Expected a float32 output ${name} of the graph.`);
  return { ...tensor, data: tensor.data };
}
