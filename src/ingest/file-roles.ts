/** What a file may be, by its name alone; its bytes have the last word. */
import { extname } from 'node:path';

/**
 * Names that are tried as photos; others are left out without a look at their bytes. What a file that is tried really is,
 * its bytes decide: a picture under the wrong one of these names is read, and what is no picture is on record.
 */
const PHOTO_EXTENSIONS: ReadonlySet<string> = new Set(
  [
    '.jpg .jpeg .jpe .jfif .png .apng .webp .avif .gif .tif .tiff .bmp .dib .heic .heif .hif',
    '.cr2 .cr3 .nef .nrw .arw .sr2 .dng .orf .raf .rw2 .pef .srw .rwl',
  ].flatMap((line) => line.split(' ')),
);

/** Inside folders only files of these names are caption collections; a text file that is named itself always is. */
const COLLECTION_NAMES: ReadonlySet<string> = new Set(['captions.jsonl', 'captions.txt']);
const COLLECTION_EXTENSIONS: ReadonlySet<string> = new Set(['.jsonl', '.txt']);

export type FileRole = 'photo' | 'collection';

/** @param named the user gave this very file, so that any text file of his is a collection */
export function roleOf(name: string, named: boolean): FileRole | undefined {
  const extension = extname(name).toLowerCase();
  if (PHOTO_EXTENSIONS.has(extension)) return 'photo';
  if (named ? COLLECTION_EXTENSIONS.has(extension) : COLLECTION_NAMES.has(name)) return 'collection';
  return undefined;
}
