/** What a file may be, by its name alone; its bytes have the last word. */
import { extname } from 'node:path';

/** Names that are tried as photos. What a file really is, its bytes decide; HEIC is here so that its refusal is on record. */
const PHOTO_EXTENSIONS: ReadonlySet<string> = new Set(
  '.jpg .jpeg .jpe .jfif .png .webp .avif .gif .tif .tiff .heic .heif'.split(' '),
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
