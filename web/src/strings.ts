/** Everything the page says, in one place. Numbers are written here too, so that they look the same everywhere. */
import type { Hit, IngestStatus, ItemKind, LibraryStatus, PhotoMetadata } from './contract.js';

const wholeNumber = new Intl.NumberFormat('en', { maximumFractionDigits: 0 });
const smallNumber = new Intl.NumberFormat('en', { maximumFractionDigits: 1 });

const whole = (value: number): string => wholeNumber.format(value);

const PHOTOS = { one: 'photo', many: 'photos' };
const CAPTIONS = { one: 'caption', many: 'captions' };
const FILES = { one: 'file', many: 'files' };

function counted(value: number, noun: { readonly one: string; readonly many: string }): string {
  return `${whole(value)} ${value === 1 ? noun.one : noun.many}`;
}

const nounOf = (kind: ItemKind): typeof PHOTOS => (kind === 'photo' ? PHOTOS : CAPTIONS);

function timeLeft(seconds: number): string {
  if (seconds < 60) return `${whole(Math.max(1, Math.ceil(seconds)))} s left`;
  if (seconds < 3600) return `${whole(Math.round(seconds / 60))} min left`;
  return `${smallNumber.format(seconds / 3600)} h left`;
}

export const STRINGS = {
  name: 'Sightline',
  home: 'Sightline, start page',
  headline: 'Find the photo you have in mind.',
  promise: 'Describe it in your own words. Nothing leaves your machine.',
  titled: (subject: string): string => `${subject} – Sightline`,

  searchLabel: 'Search your photos',
  placeholder: 'Describe a photo…',
  placeholderRefine: 'Add words…',
  search: 'Search',
  clear: 'Clear search',
  choosePicture: 'Search by picture',
  pictureChip: 'Your picture',
  likeChip: 'Like this photo',
  removePicture: 'Remove picture',
  examplesLabel: 'For example',
  examples: [
    'two dogs playing in the snow',
    'a red car',
    'sunset over the sea',
    'a child on a swing',
    'people at a market at night',
  ],

  kindLabel: 'Show',
  kinds: { photo: 'Photos', caption: 'Captions' },
  resultsLabel: 'Results',
  searching: 'Searching…',
  showMore: 'Show more',
  loadingMore: 'Loading…',
  nothingFound: 'Nothing found',
  nothingShowsThat: 'Nothing here shows that',
  nothingShowsThatHint: 'Describe it in other words, or take a condition away.',
  nothingFoundHint: 'There is nothing of this kind in your library yet.',
  tryAgain: 'Try again',
  dismiss: 'Dismiss',
  unreachable: 'Sightline does not answer. Is it still running?',
  unexpected: 'Something unexpected happened. Please try again.',
  noPicture: 'That file is not a picture. Choose a photo, for example a JPEG, PNG or WebP.',

  closely: 'Read closely',
  closelyHint: 'Reads your words and each of the best photos together, and puts them in order again.',
  settling: 'Reading closely…',
  readClosely: (depth: number, of: number): string =>
    depth === of ? `read ${whole(depth)} closely` : `read ${whole(depth)} of ${whole(of)} closely`,
  why: 'Why this photo?',
  whyFailed: 'That could not be told',
  whyWords: 'Point at a word to see where it is',

  moreLikeThis: 'More like this',
  findPhotos: 'Find photos',
  openPhoto: (path: string): string => `Open ${fileName(path)}`,
  score: 'How well it fits',
  leaveOutLabel: 'Leave out',
  leaveOutPlaceholder: 'Leave out…',
  takeBack: (words: string): string => `No longer leave out ${words}`,
  sortLabel: 'Sort',
  sorts: { score: 'Best first', newest: 'Newest first', oldest: 'Oldest first' },

  viewerLabel: 'Photo',
  close: 'Close',
  previous: 'Previous photo',
  next: 'Next photo',
  openOriginal: 'Open original',
  details: 'Details',
  similar: 'Similar photos',
  saidAbout: 'Captions',
  taken: 'Taken',
  camera: 'Camera',
  exposure: 'Exposure',
  place: 'Place',
  keywords: 'Keywords',
  people: 'People',
  openMap: 'Open in OpenStreetMap',
  file: 'File',
  size: 'Size',
  noPreview: 'This browser cannot show this kind of file.',

  emptyTitle: 'Your library is empty',
  emptyIntro: 'Three steps, and you can search your photos in your own words.',
  emptySteps: [
    {
      title: 'Open a terminal',
      text: 'On the machine where Sightline runs. Stop it there with Ctrl+C, and stay in its folder.',
      commands: [],
    },
    {
      title: 'Name a folder of photos',
      text: 'Read it once, or start Sightline with it:',
      commands: ['npx sightline ingest ~/Pictures', 'npm start -- ~/Pictures'],
    },
    {
      title: 'Come back here',
      text: 'This page notices the first photo by itself, and you can search while the rest is read.',
      commands: [],
    },
  ],

  library: 'Your library',
  libraryLink: 'Library',
  unreadable: 'Unreadable files',
  waiting: 'Files waiting',
  folders: 'Folders',
  noFolders:
    'No folder is watched. New photos are read when you run sightline ingest, or: sightline watch FOLDER',
  watchModes: { events: 'New photos are noticed at once', polling: 'Looked through every now and then' },
  lastCompared: (when: string): string => `Last compared from end to end: ${when}`,
  failuresTitle: 'Files that could not be read',
  retryAll: 'Try all again',
  retrying: 'Trying…',
  retried: (read: number, tried: number): string => `${whole(read)} of ${whole(tried)} could be read now`,
  models: 'Models',
  currentModel: 'in use',
  modelFacts: (checkpoint: string, precision: string, size: number, dimensions: number): string =>
    `${checkpoint}, ${precision}, ${whole(size)} px, ${whole(dimensions)} dimensions`,
  modelHint: 'Change it in a terminal: sightline models use NAME',
  signInTitle: 'This library is private',
  signInText: 'Ask its owner for a key. On the machine where it runs: sightline keys add NAME',
  signInKey: 'Key',
  signIn: 'Open',

  dropTitle: 'Drop to search',
  dropText: 'Sightline finds the photos that look like it.',
  ingestLabel: 'Reading your photos',
} as const;

/** The last part of a path, whichever way its slashes lean. */
export function fileName(path: string): string {
  return path.split(/[/\\]/).at(-1) || path;
}

/** “24 of 1,000 photos, 18 ms” */
export function resultSummary(shown: number, total: number, kind: ItemKind, milliseconds: number): string {
  const time = milliseconds < 1 ? 'under 1 ms' : `${whole(milliseconds)} ms`;
  return `${whole(shown)} of ${counted(total, nounOf(kind))}, ${time}`;
}

/** “1,000 photos and 5,000 captions” */
function librarySize(items: LibraryStatus['items']): string {
  const photos = counted(items.photo, PHOTOS);
  return items.caption === 0 ? photos : `${photos} and ${counted(items.caption, CAPTIONS)}`;
}

export function libraryInvitation(items: LibraryStatus['items']): string {
  return `${librarySize(items)}, ready to search`;
}

export function unreadableFiles(count: number): string {
  return `${counted(count, FILES)} could not be read`;
}

/** “Reading your photos: 420 of 1,000, 250 a second, 3 s left” */
export function ingestSummary({ done, total, rate, secondsLeft }: IngestStatus): string {
  const parts = [total === null ? `${whole(done)} so far` : `${whole(done)} of ${whole(total)}`];
  if (rate !== null && rate > 0)
    parts.push(`${(rate < 10 ? smallNumber : wholeNumber).format(rate)} a second`);
  if (secondsLeft !== null) parts.push(timeLeft(secondsLeft));
  return `${STRINGS.ingestLabel}: ${parts.join(', ')}`;
}

export function scoreText(score: number, digits = 2): string {
  return score.toFixed(digits);
}

/** “87 %” where the server can tell how likely it is, the bare score otherwise. */
export function confidenceText({ confidence, score }: Pick<Hit, 'confidence' | 'score'>): string {
  return confidence === null ? scoreText(score) : `${whole(confidence * 100)} %`;
}

/** By the clock of the place it was taken at. */
export function takenText(takenAt: string, offset: number | null): string {
  const local = new Date(Date.parse(takenAt) + (offset ?? 0) * 60_000);
  return local.toLocaleString('en', { dateStyle: 'long', timeStyle: 'short', timeZone: 'UTC' });
}

/** “1/250 s, f/2.8, ISO 400, 35 mm” */
export function exposureText({ exposureSeconds, aperture, iso, focalLength }: PhotoMetadata): string {
  const parts: string[] = [];
  if (exposureSeconds !== null)
    parts.push(
      exposureSeconds < 0.4
        ? `1/${whole(1 / exposureSeconds)} s`
        : `${smallNumber.format(exposureSeconds)} s`,
    );
  if (aperture !== null) parts.push(`f/${smallNumber.format(aperture)}`);
  if (iso !== null) parts.push(`ISO ${iso}`);
  if (focalLength !== null) parts.push(`${smallNumber.format(focalLength)} mm`);
  return parts.join(', ');
}

export function byteSize(bytes: number): string {
  return bytes < 1e6 ? `${whole(bytes / 1e3)} kB` : `${smallNumber.format(bytes / 1e6)} MB`;
}

export const countOf = (value: number): string => whole(value);

export function momentText(iso: string): string {
  return new Date(iso).toLocaleString('en', { dateStyle: 'medium', timeStyle: 'short' });
}

export function pixelSize(width: number, height: number): string {
  return `${whole(width)} × ${whole(height)}`;
}

export function position(index: number, count: number): string {
  return `${whole(index + 1)} of ${whole(count)}`;
}
