import protobuf from 'protobufjs/light.js';
import { SightlineError } from '../../core/errors.js';

/** Under any other edition protobufjs takes an explicit `false` for an absent field and answers with the default. */
const PROTO2 = 'proto2';

/** The fields of SentencePiece's `ModelProto` that inference needs, with the defaults of the format. */
const ModelProto: protobuf.Type = protobuf.Root.fromJSON({
  nested: {
    ModelProto: {
      fields: {
        pieces: { id: 1, rule: 'repeated', type: 'Piece' },
        trainer: { id: 2, type: 'Trainer' },
        normalizer: { id: 3, type: 'Normalizer' },
      },
    },
    Piece: {
      edition: PROTO2,
      fields: {
        // Declared as a string in the format; the trie wants the bytes.
        text: { id: 1, type: 'bytes' },
        score: { id: 2, type: 'float' },
        kind: { id: 3, type: 'int32', options: { default: 1 } },
      },
    },
    Trainer: {
      edition: PROTO2,
      fields: {
        modelType: { id: 3, type: 'int32', options: { default: 1 } },
        whitespaceAsSuffix: { id: 24, type: 'bool' },
        byteFallback: { id: 35, type: 'bool' },
      },
    },
    Normalizer: {
      edition: PROTO2,
      fields: {
        characterMap: { id: 2, type: 'bytes' },
        addDummyPrefix: { id: 3, type: 'bool', options: { default: true } },
        removeExtraWhitespaces: { id: 4, type: 'bool', options: { default: true } },
        escapeWhitespaces: { id: 5, type: 'bool', options: { default: true } },
      },
    },
  },
}).lookupType('ModelProto');

export const PIECE_KINDS = { normal: 1, unknown: 2, control: 3, userDefined: 4, unused: 5 } as const;

const MODEL_TYPES: Readonly<Record<number, string>> = { 1: 'unigram', 2: 'BPE', 3: 'word', 4: 'character' };
const UNIGRAM = 1;

/** SentencePiece ids that XLM-R's numbering takes for granted. */
export const UNKNOWN_PIECE = 0;
const FIXED_PIECES = [
  { text: '<unk>', kind: PIECE_KINDS.unknown },
  { text: '<s>', kind: PIECE_KINDS.control },
  { text: '</s>', kind: PIECE_KINDS.control },
] as const;

export interface Piece {
  /** UTF-8. */
  readonly text: Uint8Array;
  /** Log probability. */
  readonly score: number;
  /** One of `PIECE_KINDS`. */
  readonly kind: number;
}

export interface NormalizerRules {
  /** Empty: characters stay as they are. */
  readonly characterMap: Uint8Array;
  /** The text gets a space of its own, so that its first word looks like the others. */
  readonly addDummyPrefix: boolean;
  readonly removeExtraWhitespaces: boolean;
  readonly escapeWhitespaces: boolean;
  /** The space that marks a word goes behind it instead of before it. */
  readonly whitespaceAsSuffix: boolean;
}

export interface SentencePieceModel {
  /** By SentencePiece id. */
  readonly pieces: readonly Piece[];
  readonly normalizer: NormalizerRules;
}

/**
 * Reads a `.spm` file's bytes and makes sure that it is a unigram model numbered as XLM-R expects.
 *
 * @throws ERR_TOKENIZER_INVALID
 */
export function parseSentencePiece(bytes: Uint8Array, source: string): SentencePieceModel {
  const { pieces, trainer, normalizer } = decode(bytes, source);
  if (!trainer || !normalizer)
    throw invalidTokenizer(
      source,
      'it ends before its normalisation rules, as a download that was cut off does',
    );
  if (trainer.modelType !== UNIGRAM) {
    const found = MODEL_TYPES[trainer.modelType] ?? `type ${trainer.modelType}`;
    throw invalidTokenizer(source, `it is a ${found} model, and BEiT-3 needs a unigram model`);
  }
  if (trainer.byteFallback)
    throw invalidTokenizer(source, 'it spells unknown characters in bytes, which XLM-R models do not');
  // First of all: a text that is missing is not even an array of bytes.
  const nameless = pieces.findIndex((piece) => piece.text.length === 0 || !Number.isFinite(piece.score));
  if (nameless >= 0) throw invalidTokenizer(source, `piece ${nameless} has no text or no finite score`);
  for (const [id, fixed] of FIXED_PIECES.entries()) {
    const piece = pieces[id];
    if (piece?.kind !== fixed.kind || new TextDecoder().decode(piece.text) !== fixed.text)
      throw invalidTokenizer(source, `piece ${id} is not ${fixed.text}, on which XLM-R's numbering rests`);
  }
  if (!pieces.some((piece) => piece.kind === PIECE_KINDS.normal))
    throw invalidTokenizer(source, 'it has no ordinary pieces');
  return {
    pieces,
    // Field by field: what the file leaves to its default is on the decoded message's prototype, where a spread finds nothing.
    normalizer: {
      characterMap: normalizer.characterMap,
      addDummyPrefix: normalizer.addDummyPrefix,
      removeExtraWhitespaces: normalizer.removeExtraWhitespaces,
      escapeWhitespaces: normalizer.escapeWhitespaces,
      whitespaceAsSuffix: trainer.whitespaceAsSuffix,
    },
  };
}

/** An error about the tokenizer file `source`, ending in what to do about it. */
export function invalidTokenizer(source: string, problem: string, cause?: unknown): SightlineError {
  return new SightlineError(
    'ERR_TOKENIZER_INVALID',
    `${source} cannot serve as the tokenizer: ${problem}. Use the beit3.spm that belongs to the checkpoint, downloaded again if need be.`,
    { cause, details: { source } },
  );
}

interface DecodedModel {
  readonly pieces: readonly Piece[];
  readonly trainer: {
    readonly modelType: number;
    readonly whitespaceAsSuffix: boolean;
    readonly byteFallback: boolean;
  } | null;
  readonly normalizer: Omit<NormalizerRules, 'whitespaceAsSuffix'> | null;
}

function decode(bytes: Uint8Array, source: string): DecodedModel {
  try {
    return ModelProto.decode(bytes) as unknown as DecodedModel;
  } catch (error) {
    throw invalidTokenizer(source, 'it is not a SentencePiece model, or it is cut short', error);
  }
}
