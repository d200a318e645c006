/**
 * Beam search for captions, equal to the released one token for token.
 *
 * BEiT-3 does not predict the next word; it fills in a masked one. Word t is read at a `<mask>` that stands behind `<s>` and
 * the words so far, so a sequence always ends with one placeholder. What is odd in the released search, and kept because
 * the published figures were made with it:
 *
 * - a step looks at the best 3 × beams continuations of all live beams, over the whole table, spare rows included;
 * - `</s>` closes a caption, whose score is its sum of log-probabilities, that of `</s>` included, divided by
 *   length ^ penalty, where the length counts `<s>`, the words and the placeholder;
 * - at the greatest length every continuation is closed, and the newest word is dropped while its log-probability stays in
 *   the sum;
 * - only the best closed caption is kept, and the search ends when no live continuation could beat it even at the greatest
 *   length. A single beam therefore goes on behind its first `</s>`.
 *
 * What differs: the first step runs one row instead of equal copies of it (the released code gives all copies but one a
 * score of −1e9, so that they never win), pictures are searched one by one, and the search ends with the step that closes
 * everything instead of one step later. None of it changes a result. Log-probabilities and sums are rounded to 32 bits
 * where the released code holds them so: ties are then broken alike but for the last bit of a logarithm.
 */
import { SightlineError } from '../../core/errors.js';
import { TopK } from '../../core/top-k.js';

/** One live row: a continuation of a row of the step before. */
export interface Continuation {
  /** Row of the step before. */
  readonly from: number;
  readonly word: number;
}

/** What the search asks of a model: logits over the table, at the mask. */
export interface MaskedPredictor {
  /** Of `<s> <mask>`. */
  start(): Promise<Float32Array>;
  /** Of each row with its newest word in front of the mask. */
  next(rows: readonly Continuation[]): Promise<readonly Float32Array[]>;
}

export interface BeamSearchOptions {
  readonly predictor: MaskedPredictor;
  /** Id of `</s>`. */
  readonly endToken: number;
  /** Live captions. The released figures were made with 3; more costs time in proportion and seldom helps. */
  readonly beams: number;
  /** 0 compares plain sums and favours short captions; the release uses 0.6; above 1, long ones win. */
  readonly lengthPenalty: number;
  /** Tokens with `<s>` and the placeholder, exclusive; the captioning models were trained with 32. */
  readonly maxLength: number;
}

export interface ClosedCaption {
  /** Without `<s>`, the placeholder and `</s>`. */
  readonly words: readonly number[];
  readonly logProbability: number;
  readonly score: number;
}

export interface BeamSearchResult {
  readonly best: ClosedCaption;
  /** Every caption that was closed, in that order. */
  readonly closed: readonly ClosedCaption[];
}

interface Beam {
  readonly words: readonly number[];
  readonly sum: number;
}

interface Candidate extends Continuation {
  readonly sum: number;
}

/** Continuations that a step looks at, for each beam. */
const CANDIDATES = 3;

/** `<s>` and the placeholder. */
const FRAME_TOKENS = 2;

/** Natural logarithms of the softmax, rounded to 32 bits. */
export function logSoftmax(logits: Float32Array): Float32Array {
  let largest = -Infinity;
  for (const value of logits) largest = Math.max(largest, value);
  let total = 0;
  for (const value of logits) total += Math.exp(value - largest);
  const shift = largest + Math.log(total);
  return logits.map((value) => value - shift);
}

/** The `count` best continuations of all rows, best first; of equals, the earlier row and word. */
function bestCandidates(logits: readonly Float32Array[], beams: readonly Beam[], count: number): Candidate[] {
  const vocabulary = logits[0]?.length ?? 0;
  const best = new TopK(count);
  for (const [from, row] of logits.entries()) {
    const start = beams[from]?.sum ?? 0;
    for (const [word, logProbability] of logSoftmax(row).entries())
      best.offer(from * vocabulary + word, Math.fround(start + logProbability));
  }
  return best.sorted().map(({ id, score }) => ({
    from: Math.floor(id / vocabulary),
    word: id % vocabulary,
    sum: score,
  }));
}

/** @throws ERR_CONFIG_INVALID for no beams, or a length without room for a word */
export async function beamSearch(options: BeamSearchOptions): Promise<BeamSearchResult> {
  const { predictor, endToken, beams, lengthPenalty, maxLength } = options;
  if (!(beams >= 1 && maxLength > FRAME_TOKENS)) {
    const message = `Expected 1 beam or more and a length of ${FRAME_TOKENS + 1} or more but received ${beams} and ${maxLength}.`;
    throw new SightlineError('ERR_CONFIG_INVALID', message, { details: { beams, maxLength } });
  }
  const closed: ClosedCaption[] = [];
  let best: ClosedCaption | undefined;
  const close = ({ words }: Beam, sum: number): void => {
    const length = words.length + FRAME_TOKENS;
    const caption = { words, logProbability: sum, score: sum / length ** lengthPenalty };
    closed.push(caption);
    if (best === undefined || caption.score > best.score) best = caption;
  };

  let live: readonly Beam[] = [{ words: [], sum: 0 }];
  let logits: readonly Float32Array[] = [await predictor.start()];
  for (let length = FRAME_TOKENS; ; length++) {
    const candidates = bestCandidates(logits, live, CANDIDATES * beams);
    const hope = (candidates[0]?.sum ?? -Infinity) / (maxLength - 1) ** lengthPenalty;
    if (best !== undefined && best.score >= hope) return { best, closed };

    const atEnd = length + 1 >= maxLength;
    const chosen: Candidate[] = [];
    for (const candidate of candidates) {
      if (chosen.length === beams) break;
      if (atEnd || candidate.word === endToken) close(live[candidate.from] as Beam, candidate.sum);
      else chosen.push(candidate);
    }
    if (atEnd && best !== undefined) return { best, closed };
    live = chosen.map(({ from, word, sum }) => ({ words: [...(live[from] as Beam).words, word], sum }));
    logits = await predictor.next(chosen);
  }
}
