import { pixelTensor } from '../dual-encoder.js';
import type { ScorerParts } from '../scorers/scorer-parts.js';
import type { Tokenizer } from '../tokenizer/tokenizer.js';
import { beamSearch } from './beam-search.js';
import { CachedPredictor } from './cached-predictor.js';

export interface WrittenCaption {
  readonly text: string;
  /** Natural logarithm of how likely the model finds the words, all together. */
  readonly logProbability: number;
}

/** As the released figures were made. */
const BEAMS = 3;
const LENGTH_PENALTY = 0.6;
const MAX_LENGTH = 32;

/** Writes captions of pictures, word by word. */
export class Captioner {
  readonly #parts: ScorerParts;
  readonly #tokenizer: Tokenizer;

  constructor(parts: ScorerParts, tokenizer: Tokenizer) {
    this.#parts = parts;
    this.#tokenizer = tokenizer;
  }

  /** @param pixels uint8 [S, S, 3], as the image reader makes them */
  async describe(pixels: Uint8Array): Promise<WrittenCaption> {
    const { bosId, eosId, maskId } = this.#tokenizer;
    const { best } = await beamSearch({
      predictor: new CachedPredictor({
        run: (graph, feeds) => this.#parts.run(graph, feeds, 'batch'),
        pixels: pixelTensor([pixels], this.#parts.imageSize),
        startToken: bosId,
        maskToken: maskId,
      }),
      endToken: eosId,
      beams: BEAMS,
      lengthPenalty: LENGTH_PENALTY,
      maxLength: MAX_LENGTH,
    });
    return { text: asPeopleWrite(this.#tokenizer.decode(best.words)), logProbability: best.logProbability };
  }
}

/** Captions to learn from have a space before the full stop, and are of two minds about the capital letter. */
function asPeopleWrite(text: string): string {
  return text.replaceAll(/ +([.,;:!?])/g, '$1').replace(/^\p{Ll}/u, (letter) => letter.toUpperCase());
}
