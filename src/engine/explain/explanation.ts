import { SightlineError } from '../../core/errors.js';
import { type Judge, type Explainable } from './judge.js';
import { cellCount, covered, relevance, type Relevance, type SquarePicture, windows } from './occlusion.js';

export interface WordRelevance {
  readonly word: string;
  readonly relevance: Relevance;
}

/** Why a photo fits a text: where the score comes from, for the whole text and for each of its words. */
export interface Explanation {
  readonly text: string;
  readonly by: Explainable;
  readonly score: number;
  readonly relevance: Relevance;
  /** In the order of the text; the first twelve. */
  readonly words: readonly WordRelevance[];
}

/** Every further word costs as much as the whole text does. */
const MOST_WORDS = 12;

export interface ExplanationRequest {
  readonly picture: SquarePicture;
  /** Patches along an axis. */
  readonly patches: number;
  readonly text: string;
  readonly by: Explainable;
  readonly judge: Judge;
}

/** The text without each of its words, by the words' places. */
function withoutEach(words: readonly string[]): string[] {
  return words.map((_, place) => words.filter((_word, other) => other !== place).join(' '));
}

export async function explain({
  picture,
  patches,
  text,
  by,
  judge,
}: ExplanationRequest): Promise<Explanation> {
  const cells = cellCount(patches);
  const words = text.split(/\s+/).filter((word) => /[\p{L}\p{N}]/u.test(word));
  const told = words.slice(0, MOST_WORDS);
  // A single word is the whole text.
  const shortened = words.length > 1 ? withoutEach(words).slice(0, MOST_WORDS) : [];
  const pictures = [picture.pixels, ...windows(cells).map((window) => covered(picture, cells, window))];
  const [whole = [], ...parts] = await judge(pictures, [text, ...shortened]);
  const lossOf = (textPlace: number): number[] =>
    parts.map((scores) => (whole[textPlace] as number) - (scores[textPlace] as number));
  const losses = lossOf(0);
  return {
    text,
    by,
    score: whole[0] as number,
    relevance: relevance(cells, losses),
    words: told.map((word, place) => {
      if (shortened.length === 0) return { word, relevance: relevance(cells, losses) };
      const without = lossOf(place + 1);
      const own = losses.map((loss, window) => loss - (without[window] as number));
      return { word, relevance: relevance(cells, own) };
    }),
  };
}

/** 0…1 for the eye: what does not matter, or speaks against the text, is 0. */
export function heatOf({ values }: Relevance): number[] {
  const most = Math.max(...values);
  return values.map((value) => (most > 0 ? Math.max(0, value) / most : 0));
}

/**
 * What is shown of an explanation: the whole text, or one word of it.
 * @param word its place, from 0
 * @throws ERR_REQUEST_INVALID for a word that the text does not have
 */
export function heatMap(
  { relevance: whole, words }: Explanation,
  word: number | undefined,
): { readonly cells: number; readonly values: readonly number[] } {
  const chosen = word === undefined ? whole : words[word]?.relevance;
  if (chosen) return { cells: chosen.cells, values: heatOf(chosen) };
  const known = words.map((one, place) => `${place} ${one.word}`).join(', ');
  const message = `Expected the place of a word but received ${word}. Words: ${known}.`;
  throw new SightlineError('ERR_REQUEST_INVALID', message, { details: { word } });
}
