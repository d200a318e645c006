/**
 * What a file may be, by its name alone; its bytes have the last word. Names that are none of these are left out without a
 * look at the file. docs/formats.md tells the rules.
 */
import { extname } from 'node:path';

/** Names that are tried as photos. A picture under the wrong one of them is read, and what is no picture is on record. */
const PHOTO_EXTENSIONS: ReadonlySet<string> = new Set(
  [
    '.jpg .jpeg .jpe .jfif .png .apng .webp .avif .gif .tif .tiff .bmp .dib .heic .heif .hif',
    '.cr2 .cr3 .nef .nrw .arw .sr2 .dng .orf .raf .rw2 .pef .srw .rwl',
  ].flatMap((line) => line.split(' ')),
);

/** Names that are tried as videos. */
const VIDEO_EXTENSIONS: ReadonlySet<string> = new Set(['.mp4', '.m4v', '.mov', '.mkv', '.webm']);

/** Drawings are programs: tried only where the reader of pictures reads them. */
const DRAWING_EXTENSION = '.svg';

/** Inside folders only files of these names are caption collections; one that is named itself always is. */
const COLLECTION_NAMES: ReadonlySet<string> = new Set([
  'captions.txt',
  'captions.jsonl',
  'captions.csv',
  'captions.tsv',
  'metadata.jsonl',
  'metadata.csv',
  'dataset.json',
]);
const COLLECTION_EXTENSIONS: ReadonlySet<string> = new Set(['.txt', '.jsonl', '.csv', '.tsv', '.json']);

/** A photo, an SVG drawing, a video, a collection of captions (a text beside a photo is one of them), or an XMP document. */
export type FileRole = 'photo' | 'drawing' | 'video' | 'collection' | 'sidecar';

const extensionOf = (name: string): string => extname(name).toLowerCase();

const withoutExtension = (name: string): string => name.slice(0, name.length - extname(name).length);

export function isPhotoName(name: string): boolean {
  return PHOTO_EXTENSIONS.has(extensionOf(name));
}

export const isSidecarName = (name: string): boolean => extensionOf(name) === '.xmp';

/** The names of a folder as text sidecars need them: those of its photos, with and without extension. */
export function photoNames(names: Iterable<string>): ReadonlySet<string> {
  const photos = new Set<string>();
  for (const name of names) if (isPhotoName(name)) photos.add(name).add(withoutExtension(name));
  return photos;
}

/** What `photo.jpg.txt` and `photo.txt` stand beside: `photo.jpg`, `photo`. Undefined for what is never a text sidecar. */
export function besideWhat(name: string): string | undefined {
  return extensionOf(name) === '.txt' && !COLLECTION_NAMES.has(name) ? withoutExtension(name) : undefined;
}

/**
 * @param named the user gave this very file, so that any text or table of his is a collection
 * @param photos of the same folder
 */
export function roleOf(name: string, named: boolean, photos?: ReadonlySet<string>): FileRole | undefined {
  const extension = extensionOf(name);
  if (PHOTO_EXTENSIONS.has(extension)) return 'photo';
  if (VIDEO_EXTENSIONS.has(extension)) return 'video';
  if (extension === DRAWING_EXTENSION) return 'drawing';
  if (isSidecarName(name)) return 'sidecar';
  if (named ? COLLECTION_EXTENSIONS.has(extension) : COLLECTION_NAMES.has(name)) return 'collection';
  const photo = besideWhat(name);
  return photo !== undefined && photos?.has(photo) ? 'collection' : undefined;
}
