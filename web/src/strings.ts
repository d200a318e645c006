/** Everything the page says, in one place. */
import type { Hit, IngestStatus, ItemKind, LibraryStatus } from './contract.js';
import { fileName, momentText, scoreText, smallNumber, weightNumber, whole, wholeNumber } from './figures.js';

const PHOTOS = { one: 'photo', many: 'photos' };
const CAPTIONS = { one: 'caption', many: 'captions' };
const FILES = { one: 'file', many: 'files' };
const MOMENTS = { one: 'moment', many: 'moments' };

function counted(value: number, noun: { readonly one: string; readonly many: string }): string {
  return `${whole(value)} ${value === 1 ? noun.one : noun.many}`;
}

const nounOf = (kind: ItemKind): typeof PHOTOS => (kind === 'photo' ? PHOTOS : CAPTIONS);

function timeLeft(seconds: number): string {
  if (seconds < 60) return `${whole(Math.max(1, Math.ceil(seconds)))} s left`;
  if (seconds < 3600) return `${whole(Math.round(seconds / 60))} min left`;
  return `${smallNumber.format(seconds / 3600)} h left`;
}

const MOST_CERTAIN = 0.99;

export const STRINGS = {
  name: 'Sightline',
  home: 'Sightline, start page',
  headline: 'Find the photo you have in mind.',
  promise: 'Describe it in your own words. Nothing leaves your machine.',
  titled: (subject: string): string => `${subject} – Sightline`,

  searchLabel: 'Search your photos',
  placeholder: 'Describe a photo…',
  placeholderRefine: 'Like this, but…',
  placeholderCaption: 'Or find captions by words…',
  completions: 'How the line may go on',
  completionAbout: (about: string): string => (/^\d+$/.test(about) ? counted(Number(about), PHOTOS) : about),
  search: 'Search',
  clear: 'Clear search',
  choosePicture: 'Choose a picture',
  useCamera: 'Use the camera',
  takePicture: 'Take the picture',
  cameraFinder: 'What the camera sees',
  cameraRefused: 'The camera cannot be used: this browser does not give it to this page.',
  cameraFile: 'camera.jpg',
  pictureChip: 'Your picture',
  likeChip: 'Like this photo',
  blocks: 'What the search is built of',
  addWords: 'Add words',
  want: (name: string): string => `Look for ${name}`,
  avoid: (name: string): string => `Leave out ${name}`,
  weightOf: (name: string): string => `How much ${name} counts`,
  weight: (weight: number): string => `counts ${weightNumber.format(weight)} times`,
  removePart: (name: string): string => `Remove ${name}`,
  removeFilter: (filter: string): string => `Remove the condition ${filter}`,
  tooManyPictures: (most: number): string =>
    `A search takes up to ${whole(most)} pictures of yours. Remove one first.`,
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
  confidence: 'How likely it fits',
  alike: (count: number): string => `${whole(count)} more ${count === 1 ? 'says' : 'say'} the same`,
  leaveOutLabel: 'Leave out',
  takeBack: (words: string): string => `No longer leave out ${words}`,
  sortLabel: 'Sort',
  sorts: { score: 'Best first', newest: 'Newest first', oldest: 'Oldest first' },

  viewerLabel: 'Photo',
  zoom: 'Zoom',
  zoomIn: 'Closer',
  zoomOut: 'Farther',
  zoomReset: 'The whole photo',
  scale: (scale: number): string => `${whole(scale * 100)} %`,
  addPhoto: 'Add to the search',
  addPhotoHint: 'Makes this photo a part of the search that it was found by',
  likeBut: 'Like this, but',
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
      title: 'Name a folder of photos',
      text: 'On the machine where Sightline runs. Its photos are read, never changed, and new ones are noticed.',
      commands: [],
    },
    {
      title: 'Let it read',
      text: 'The page tells how far it is, and what was read is found at once. From a terminal it goes as well:',
      commands: ['npm start -- ~/Pictures', 'npx sightline ingest ~/Pictures'],
    },
    {
      title: 'Search',
      text: 'In your own words, by a picture, or by both. This page opens the search with the first photo.',
      commands: [],
    },
  ],

  views: 'Views',
  searchLink: 'Search',
  captionLink: 'Captions',
  captionView: 'Captions for a picture',
  captionHeadline: 'Find the words for a picture.',
  captionPromise: 'Give a picture, and read which captions of your collection fit it.',
  captionDrop: 'Drop a picture here',
  captionPaste: 'Or paste one. It is looked at once and never kept.',
  noCaptions: 'There are no captions yet. Bring some in: npx sightline ingest captions.jsonl',

  library: 'Your library',
  libraryLink: 'Library',
  duplicates: 'Duplicates',
  duplicatesLink: 'Review',
  duplicatesIntro:
    'Photos that are there more than once, the best of each marked. Nothing is ever deleted here.',
  duplicatesMode: 'What counts as a duplicate',
  duplicatesLooking: 'Looking through your photos…',
  duplicateModes: {
    file: {
      name: 'Same file',
      none: 'No file is there twice.',
      some: (count: number): string => `${counted(count, FILES)} in several places`,
    },
    photo: {
      name: 'Same photo',
      none: 'No photo is there in several files.',
      some: (count: number): string =>
        `${counted(count, PHOTOS)} in several files: resized, compressed again or converted`,
    },
    similar: {
      name: 'Same moment',
      none: 'No photos of one moment look alike.',
      some: (count: number): string => `${counted(count, MOMENTS)} with photos that look alike`,
    },
  },
  best: 'Best',
  copied: 'Copied',
  copyOthers: (count: number): string =>
    count === 1 ? 'Copy the path of the other' : 'Copy the paths of the others',
  copyCommand: (command: string): string => `Copy ${command}`,
  contents: 'What is in it',
  contentsOf: { person: 'People', tag: 'Keywords', camera: 'Cameras', lens: 'Lenses' },
  index: 'How it is searched',
  indexFacts: (size: number, fresh: number, removed: number): string =>
    [
      `${whole(size)} searchable`,
      ...(fresh > 0 ? [`${whole(fresh)} new beside the graph`] : []),
      ...(removed > 0 ? [`${whole(removed)} removed`] : []),
    ].join(', '),
  indexBuilding: 'The graph is built anew',
  unreadable: 'Unreadable files',
  waiting: 'Files waiting',
  folders: 'Folders',
  noFolders: 'No folder is followed yet. Name one, and its photos are read now and whenever new ones come.',
  folderLabel: 'Folder on the machine where Sightline runs',
  folderExample: '/home/you/Pictures',
  readFolder: 'Read it',
  readingFolder: 'Beginning…',
  unwatch: (path: string): string => `Follow ${path} no longer`,
  watchBegins: 'Its photos are being read…',
  watchModes: { events: 'New photos are noticed at once', polling: 'Looked through every now and then' },
  lastCompared: (when: string): string => `Last compared from end to end: ${when}`,
  failuresTitle: 'Files that could not be read',
  retryAll: 'Try all again',
  retrying: 'Trying…',
  retryOne: (path: string): string => `Try ${fileName(path)} again`,
  tries: (count: number, next: string | null): string =>
    `Tried ${count === 1 ? 'once' : `${whole(count)} times`}; ${next === null ? 'tried again when it changes.' : `tried again ${momentText(next)}.`}`,
  retried: (read: number, tried: number): string => `${whole(read)} of ${whole(tried)} could be read now`,
  models: 'Models',
  currentModel: 'in use',
  modelFacts: (checkpoint: string, precision: string, size: number, dimensions: number): string =>
    `${checkpoint}, ${precision}, ${whole(size)} px, ${whole(dimensions)} dimensions`,
  modelHint: 'More models: sightline models pull NAME, or import your own with sightline models import FILE',
  useModel: (name: string): string => `Use ${name}`,
  useModelHint: 'All photos are read again with it, while the present one goes on answering.',
  changePhases: {
    opening: 'Opening the model…',
    embedding: 'Reading your photos again',
    indexing: 'Building the graph',
    exchanging: 'Changing over…',
    stopped: 'The change has stopped',
    changed: 'Changed',
  },
  changeTo: (name: string, phase: string, done: number, total: number): string =>
    total > 0 && done < total ? `${name}: ${phase}, ${whole(done)} of ${whole(total)}` : `${name}: ${phase}`,
  unreadableStop: (count: number): string =>
    `${counted(count, FILES)} cannot be read any more. Without them, the change can go on.`,
  goOnWithout: 'Go on without them',
  goOn: 'Go on',
  giveUp: 'Give up',
  signInTitle: 'This library is private',
  signInText: 'Ask its owner for a key. On the machine where it runs: sightline keys add NAME',
  signInKey: 'Key',
  signIn: 'Open',

  dropTitle: 'Drop to search',
  dropText: 'Sightline finds the photos that look like it.',
  ingestLabel: 'Reading your photos',
} as const;

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

/** “87 %” where the server can tell how likely it is, the bare score otherwise. Nothing is ever certain. */
export function confidenceText({ confidence, score }: Pick<Hit, 'confidence' | 'score'>): string {
  if (confidence === null) return scoreText(score);
  return confidence > MOST_CERTAIN ? `> ${whole(MOST_CERTAIN * 100)} %` : `${whole(confidence * 100)} %`;
}

/** “How likely it fits: 87 %” */
export function fitText(hit: Pick<Hit, 'confidence' | 'score'>): string {
  return `${hit.confidence === null ? STRINGS.score : STRINGS.confidence}: ${confidenceText(hit)}`;
}

export function position(index: number, count: number): string {
  return `${whole(index + 1)} of ${whole(count)}`;
}
