/**
 * Text to the token ids that BEiT-3 was trained on: SentencePiece's unigram model under XLM-R's numbering.
 *
 * XLM-R numbers `<s> <pad> </s> <unk>` 0 to 3 and every other piece one above its SentencePiece id; `<mask>` comes after
 * the last. Literal special tokens in a text are cut out first, `<mask>` together with the white space to its left, and what
 * lies between them is tokenized as if each part were a text of its own.
 *
 * The segmentation is our own. The library at hand, `@huggingface/tokenizers`, approximates the compiled character map of the
 * model and adds scores in 64 bits; against SentencePiece it gave other ids for about one text in twenty of a set rich in
 * odd white space, zero-width characters and long strings. Another id is another embedding, so the rule here is equality.
 */
import { readFile } from 'node:fs/promises';
import { pathError } from '../../core/errors.js';
import { Normalizer } from './normalizer.js';
import {
  invalidTokenizer,
  parseSentencePiece,
  PIECE_KINDS,
  type SentencePieceModel,
  UNKNOWN_PIECE,
} from './sentencepiece-model.js';
import { trieOf, Unigram } from './unigram.js';

export interface TokenizedText {
  /** With `<s>` and `</s>`. */
  readonly ids: readonly number[];
  /** Whether the text had more tokens than fit. */
  readonly truncated: boolean;
}

export interface Tokenizer {
  /** Pieces in the SentencePiece model. Ids run from 0 to `maskId`, which is `pieces` + 1. */
  readonly pieces: number;
  readonly bosId: 0;
  readonly padId: 1;
  readonly eosId: 2;
  readonly unkId: 3;
  readonly maskId: number;
  /** Ids of the text alone, without `<s>` and `</s>`. White space alone gives none. */
  encode(text: string): number[];
  /** `<s>`, at most `maxTokens` − 2 ids of the text (its right side is cut), `</s>`. */
  tokenize(text: string, maxTokens: number): TokenizedText;
  /** The text of the ids, as it was normalised. Special tokens and ids without a piece are left out. */
  decode(ids: readonly number[]): string;
}

/** @throws ERR_PATH_NOT_FOUND, ERR_PATH_UNREADABLE, ERR_TOKENIZER_INVALID */
export async function loadTokenizer(path: string): Promise<Tokenizer> {
  let bytes: Uint8Array;
  try {
    bytes = await readFile(path);
  } catch (error) {
    throw pathError(error, path, 'ERR_TOKENIZER_INVALID');
  }
  return parseTokenizer(bytes, path);
}

/**
 * A tokenizer from the bytes of a `.spm` file; `source` names it in errors.
 *
 * @throws ERR_TOKENIZER_INVALID
 */
export function parseTokenizer(bytes: Uint8Array, source = 'The SentencePiece model'): Tokenizer {
  const model = parseSentencePiece(bytes, source);
  try {
    return new XlmrTokenizer(model);
  } catch (error) {
    if (error instanceof RangeError) throw invalidTokenizer(source, error.message, error);
    throw error;
  }
}

const BOS = 0;
const PAD = 1;
const EOS = 2;
const UNK = 3;
/** From SentencePiece ids to XLM-R's, which has one special token more in front. */
const ID_SHIFT = 1;

const SPECIAL_IDS: ReadonlyMap<string, number> = new Map([
  ['<s>', BOS],
  ['<pad>', PAD],
  ['</s>', EOS],
  ['<unk>', UNK],
]);

/** What Python's `rstrip` takes for white space, which is not what JavaScript's `\s` does. */
const WHITE = String.raw`[\t-\r\x1c-\x20\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]`;
/** The look-behind makes a run match from its first character only, so that long runs are read once. */
const SPECIAL_TOKEN: RegExp = new RegExp(`(<s>|<pad>|</s>|<unk>|(?<!${WHITE})${WHITE}*<mask>)`, 'u');

class XlmrTokenizer implements Tokenizer {
  readonly pieces: number;
  readonly bosId = BOS;
  readonly padId = PAD;
  readonly eosId = EOS;
  readonly unkId = UNK;
  readonly maskId: number;
  readonly #normalizer: Normalizer;
  readonly #unigram: Unigram;
  readonly #model: SentencePieceModel;

  /** @throws RangeError where the model contradicts itself. */
  constructor(model: SentencePieceModel) {
    const hasUserDefined = model.pieces.some(({ kind }) => kind === PIECE_KINDS.userDefined);
    this.#model = model;
    this.#unigram = new Unigram(model.pieces);
    this.#normalizer = new Normalizer(
      model.normalizer,
      hasUserDefined ? trieOf(model.pieces, (kind) => kind === PIECE_KINDS.userDefined) : undefined,
    );
    this.pieces = model.pieces.length;
    this.maskId = this.pieces + ID_SHIFT;
  }

  encode(text: string): number[] {
    const ids: number[] = [];
    // A capturing split alternates between ordinary text and special tokens.
    for (const [i, part] of text.split(SPECIAL_TOKEN).entries()) {
      // White space around it makes `<mask>` the one that is not found by its name.
      if (i % 2 === 1) ids.push(SPECIAL_IDS.get(part) ?? this.maskId);
      else this.#encodePart(part, ids);
    }
    return ids;
  }

  tokenize(text: string, maxTokens: number): TokenizedText {
    if (!(maxTokens >= 2))
      throw new RangeError(`Expected maxTokens of at least 2, for <s> and </s>, but received ${maxTokens}.`);
    const ids = this.encode(text);
    const room = maxTokens - 2;
    return { ids: [BOS, ...ids.slice(0, room), EOS], truncated: ids.length > room };
  }

  decode(ids: readonly number[]): string {
    const texts = ids
      .filter((id) => id > UNK && id < this.maskId)
      .map((id) => this.#model.pieces[id - ID_SHIFT]?.text ?? new Uint8Array(0));
    return new TextDecoder().decode(Buffer.concat(texts)).replaceAll('▁', ' ').trim();
  }

  #encodePart(part: string, ids: number[]): void {
    for (const { id } of this.#unigram.segment(this.#normalizer.normalize(part)))
      ids.push(id === UNKNOWN_PIECE ? UNK : id + ID_SHIFT);
  }
}
