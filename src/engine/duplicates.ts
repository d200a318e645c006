/**
 * Photos that are there more than once, in three senses that are never mixed:
 *
 * - `file`: one content at several paths. Certain.
 * - `photo`: one photo in several files: resized, compressed again, converted. Pairs that the model finds nearly equal, of
 *   which the picture hash agrees in all but a few of its 128 bits and the shape within two in a hundred.
 * - `similar`: several photos of one moment, such as a burst: taken within a minute of each other and more alike than all but
 *   one in fifty pairs of the library's photos. Pairs that are one photo do not count.
 *
 * Pairs join to groups. In each the best is suggested: most pixels, then most bytes, then the one that was there first.
 * Nothing is ever deleted.
 */
import { setImmediate as nextTurn } from 'node:timers/promises';
import { dot } from '../core/embedding.js';
import type { ItemId, Photo } from '../core/item.js';
import type { Library } from '../index/mod.js';
import { hashDistance, pictureHash } from './picture-hash.js';
import type { PhotoPixels } from './rerank/photo-pixels.js';

export const DUPLICATE_MODES = ['file', 'photo', 'similar'] as const;
export type DuplicateMode = (typeof DUPLICATE_MODES)[number];

export interface DuplicateGroup {
  /** The one to keep, if only one is kept. */
  readonly best: ItemId;
  readonly members: readonly { readonly photo: Photo; readonly paths: readonly string[] }[];
}

export interface DuplicateSearch {
  readonly mode: DuplicateMode;
  readonly signal?: AbortSignal;
  readonly onProgress?: (done: number, total: number) => void;
}

export interface DuplicateParts {
  readonly library: Library;
  readonly photos: PhotoPixels;
  readonly imageSize: number;
}

/** Neighbours of a photo that may be the same one. */
const NEIGHBOURS = 8;
const NEARLY_EQUAL = 0.9;
const HASH_TOLERANCE = 12;
const SHAPE_TOLERANCE = 0.02;
const MOMENT_MS = 60_000;
/** Photos after one that are compared with it, so that a time-lapse stays affordable. */
const WITHIN_MOMENT = 60;
const SAMPLE = 256;
const ALIKE_SHARE = 0.98;
const TURN = 64;

type Pair = readonly [ItemId, ItemId];

/** @throws the signal's reason */
export async function findDuplicates(
  parts: DuplicateParts,
  search: DuplicateSearch,
): Promise<DuplicateGroup[]> {
  const { library } = parts;
  if (search.mode === 'file') {
    return library.photos.copies().flatMap(({ id, paths }): DuplicateGroup[] => {
      const photo = library.item(id);
      return photo?.kind === 'photo' ? [{ best: id, members: [{ photo, paths }] }] : [];
    });
  }
  const hashes = new PictureHashes(parts);
  const pairs =
    search.mode === 'photo' ? samePhotos(parts, hashes, search) : sameMoments(parts, hashes, search);
  const found: Pair[] = [];
  for await (const pair of pairs) found.push(pair);
  return groupsOf(found, library);
}

async function* samePhotos(
  { library }: DuplicateParts,
  hashes: PictureHashes,
  { signal, onProgress }: DuplicateSearch,
): AsyncGenerator<Pair> {
  const total = library.searchable('photo');
  let done = 0;
  for (const { id, vector } of library.embeddings('photo')) {
    for (const near of library.search('photo', vector, NEIGHBOURS)) {
      // Each pair is met from both sides; the elder asks.
      if (near.id > id && near.similarity >= NEARLY_EQUAL && (await hashes.same(id, near.id)))
        yield [id, near.id];
    }
    if (++done % TURN === 0) {
      signal?.throwIfAborted();
      onProgress?.(done, total);
      await nextTurn();
    }
  }
}

async function* sameMoments(
  { library }: DuplicateParts,
  hashes: PictureHashes,
  { signal, onProgress }: DuplicateSearch,
): AsyncGenerator<Pair> {
  const moments = library.photos.moments();
  const alike = usualLikeness(library);
  for (const [at, { id, takenAt }] of moments.entries()) {
    const own = library.embedding(id);
    for (const later of moments.slice(at + 1, at + 1 + WITHIN_MOMENT)) {
      if (later.takenAt - takenAt > MOMENT_MS) break;
      const other = library.embedding(later.id);
      if (own && other && dot(own, other) >= alike && !(await hashes.same(id, later.id)))
        yield [id, later.id];
    }
    if (at % TURN === 0) {
      signal?.throwIfAborted();
      onProgress?.(at, moments.length);
      await nextTurn();
    }
  }
}

/** A similarity that few pairs of the library reach. */
function usualLikeness(library: Library): number {
  const sample = library.sample('photo', SAMPLE);
  const likeness: number[] = [];
  for (const [i, a] of sample.entries())
    for (const b of sample.slice(i + 1)) likeness.push(dot(a.vector, b.vector));
  const ordered = likeness.toSorted((a, b) => a - b);
  return ordered[Math.floor(ALIKE_SHARE * (ordered.length - 1))] ?? NEARLY_EQUAL;
}

/** Hashes of the photos that were asked about. */
class PictureHashes {
  readonly #parts: DuplicateParts;
  readonly #known = new Map<ItemId, Promise<Uint8Array | undefined>>();

  constructor(parts: DuplicateParts) {
    this.#parts = parts;
  }

  async same(a: ItemId, b: ItemId): Promise<boolean> {
    if (!this.#sameShape(a, b)) return false;
    const [first, second] = await Promise.all([this.#hash(a), this.#hash(b)]);
    return first !== undefined && second !== undefined && hashDistance(first, second) <= HASH_TOLERANCE;
  }

  #sameShape(a: ItemId, b: ItemId): boolean {
    const [first, second] = [this.#parts.library.item(a), this.#parts.library.item(b)];
    if (first?.kind !== 'photo' || second?.kind !== 'photo') return false;
    const [one, other] = [first.width / first.height, second.width / second.height];
    return Math.abs(one - other) <= SHAPE_TOLERANCE * Math.max(one, other);
  }

  #hash(id: ItemId): Promise<Uint8Array | undefined> {
    const known = this.#known.get(id);
    if (known) return known;
    const made = this.#make(id);
    this.#known.set(id, made);
    return made;
  }

  /** Undefined for a photo whose file is gone: nothing can be said about it. */
  async #make(id: ItemId): Promise<Uint8Array | undefined> {
    const { library, photos, imageSize } = this.#parts;
    const photo = library.item(id);
    if (photo?.kind !== 'photo') return undefined;
    const pixels = await photos
      .image(photo)
      .pixels()
      .catch(() => undefined);
    return pixels && pictureHash(pixels, imageSize);
  }
}

function groupsOf(pairs: readonly Pair[], library: Library): DuplicateGroup[] {
  const groups = new Map<ItemId, Set<ItemId>>();
  for (const [a, b] of pairs) {
    const joined = new Set([a, b, ...(groups.get(a) ?? []), ...(groups.get(b) ?? [])]);
    for (const id of joined) groups.set(id, joined);
  }
  return [...new Set(groups.values())].flatMap((ids): DuplicateGroup[] => {
    const photos = [...ids].map((id) => library.item(id)).filter((item) => item?.kind === 'photo');
    const ordered = photos.toSorted(better);
    const [best] = ordered;
    if (best === undefined || ordered.length < 2) return [];
    return [{ best: best.id, members: ordered.map((photo) => ({ photo, paths: [photo.path] })) }];
  });
}

function better(a: Photo, b: Photo): number {
  return b.width * b.height - a.width * a.height || (b.bytes ?? 0) - (a.bytes ?? 0) || a.id - b.id;
}
