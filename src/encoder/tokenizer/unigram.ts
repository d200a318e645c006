/**
 * Unigram segmentation: the way of cutting a text into pieces whose scores add up to the most.
 *
 * One pass from left to right keeps, for every byte, the best score of a segmentation that ends there and the piece it ends
 * with; the answer is read backwards from the end. Where no piece is exactly one character long, an unknown character of
 * that length joins in, ten below the lowest score of the vocabulary. Equal scores keep the piece that was found first.
 *
 * Every score is rounded to 32 bits before it is compared or kept, as SentencePiece 0.2.2 does it. In longer or repetitive
 * texts many segmentations score the same but for these last bits, so adding in 64 bits returns other ids.
 */
import { ByteTrie, NONE, ROOT } from './byte-trie.js';
import { PIECE_KINDS, type Piece, UNKNOWN_PIECE } from './sentencepiece-model.js';
import { characterLength } from './utf8.js';

const UNKNOWN_PENALTY = 10;
/** SentencePiece starts its search for the highest score here, so that a vocabulary of log probabilities never exceeds it. */
const LEAST_MAX_SCORE = 1.1754943508222875e-38;
const NOWHERE = -1;

/** A piece, or a run of unknown characters, as the bytes from `start` to `end` of the normalised text. */
export interface Segment {
  /** SentencePiece id. */
  readonly id: number;
  readonly start: number;
  readonly end: number;
}

export class Unigram {
  readonly #trie: ByteTrie;
  /** By SentencePiece id; what a user-defined symbol scores depends on its length. */
  readonly #scores: Float32Array;
  readonly #unknownScore: number;

  /** @throws RangeError where a piece is there twice. */
  constructor(pieces: readonly Piece[]) {
    let min = Infinity;
    let max = LEAST_MAX_SCORE;
    for (const { kind, score } of pieces) {
      if (kind !== PIECE_KINDS.normal) continue;
      min = Math.min(min, score);
      max = Math.max(max, score);
    }
    this.#unknownScore = Math.fround(min - UNKNOWN_PENALTY);
    this.#scores = Float32Array.from(pieces, ({ kind, score, text }) =>
      kind === PIECE_KINDS.userDefined ? text.length * max - 0.1 : score,
    );
    this.#trie = trieOf(pieces, (kind) => kind === PIECE_KINDS.normal || kind === PIECE_KINDS.userDefined);
  }

  /** The best segmentation of a normalised text (UTF-8). A run of unknown characters is one segment. */
  segment(text: Uint8Array): Segment[] {
    const size = text.length;
    const bestScore = new Float32Array(size + 1);
    const bestStart = new Int32Array(size + 1).fill(NOWHERE);
    const bestPiece = new Int32Array(size + 1);

    const offer = (end: number, sum: number, start: number, piece: number): void => {
      const score = Math.fround(sum);
      if (bestStart[end] !== NOWHERE && !(score > (bestScore[end] as number))) return;
      bestScore[end] = score;
      bestStart[end] = start;
      bestPiece[end] = piece;
    };

    for (let start = 0; start < size; ) {
      const soFar = bestScore[start] as number;
      const characterEnd = start + characterLength(text, start);
      let characterIsPiece = false;
      let node = ROOT;
      for (let at = start; at < size; at++) {
        node = this.#trie.child(node, text[at] as number);
        if (node === NONE) break;
        const piece = this.#trie.value(node);
        if (piece === NONE) continue;
        offer(at + 1, soFar + (this.#scores[piece] as number), start, piece);
        if (at + 1 === characterEnd) characterIsPiece = true;
      }
      if (!characterIsPiece) offer(characterEnd, soFar + this.#unknownScore, start, UNKNOWN_PIECE);
      start = characterEnd;
    }
    return readBackwards(bestStart, bestPiece);
  }
}

function readBackwards(bestStart: Int32Array, bestPiece: Int32Array): Segment[] {
  const segments: Segment[] = [];
  for (let end = bestStart.length - 1; end > 0; ) {
    const id = bestPiece[end] as number;
    const start = bestStart[end] as number;
    const next = segments.at(-1);
    if (id === UNKNOWN_PIECE && next?.id === UNKNOWN_PIECE)
      segments[segments.length - 1] = { id, start, end: next.end };
    else segments.push({ id, start, end });
    end = start;
  }
  return segments.toReversed();
}

/**
 * Pieces of the kinds that `belongs` accepts, by their text.
 *
 * @throws RangeError where two have the same text.
 */
export function trieOf(pieces: readonly Piece[], belongs: (kind: number) => boolean): ByteTrie {
  let capacity = 0;
  for (const piece of pieces) if (belongs(piece.kind)) capacity += piece.text.length;
  const trie = new ByteTrie(capacity);
  for (const [id, piece] of pieces.entries()) {
    if (belongs(piece.kind) && !trie.add(piece.text, id)) throw new RangeError(`piece ${id} is there twice`);
  }
  return trie;
}
