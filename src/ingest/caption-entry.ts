/** One caption of a collection, and what can be wrong with it. */
import { SightlineError } from '../core/errors.js';

export interface CaptionEntry {
  /** From 1; where one line holds several captions, the number of the caption. */
  readonly line: number;
  readonly text: string;
  /** The picture that the collection names beside it, as written there. */
  readonly image: string | null;
}

/** Longer "captions" are other documents. */
const MAX_CAPTION_CHARACTERS = 2000;

export function invalidCaption(path: string, line: number, expected: string, reason: string): SightlineError {
  const message = `${path}, line ${line}: expected ${expected}, but ${reason}. Correct the line and ingest again; nothing of this file was taken.`;
  return new SightlineError('ERR_CAPTIONS_INVALID', message, { details: { path, line } });
}

/** The entry itself, once it is known to be a caption. @throws ERR_CAPTIONS_INVALID */
export function checkedCaption(path: string, entry: CaptionEntry): CaptionEntry {
  const { line, text } = entry;
  const expected = `a caption of at most ${MAX_CAPTION_CHARACTERS} characters`;
  if (text.length > MAX_CAPTION_CHARACTERS)
    throw invalidCaption(path, line, expected, `it has ${text.length} characters`);
  if (text.includes('\0')) throw invalidCaption(path, line, expected, 'it is not text');
  return entry;
}

/** Names of columns and fields, as collections have them, the most telling first. */
const CAPTION_FIELDS = ['caption', 'text', 'description', 'comment', 'sentence'];
const IMAGE_FIELDS = ['image', 'file_name', 'filename', 'image_name', 'image_path', 'file', 'path', 'photo'];

const indexOfAny = (names: readonly string[], wanted: readonly string[]): number =>
  wanted.map((name) => names.indexOf(name)).find((index) => index >= 0) ?? -1;

/** Where caption and picture stand among these names, −1 for nowhere. */
export function captionColumns(names: readonly string[]): {
  readonly caption: number;
  readonly image: number;
} {
  const plain = names.map((name) => name.trim().toLowerCase());
  return { caption: indexOfAny(plain, CAPTION_FIELDS), image: indexOfAny(plain, IMAGE_FIELDS) };
}
