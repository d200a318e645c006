import { SightlineError } from '../core/errors.js';
import type { Item, ItemKind, Photo } from '../core/item.js';
import type { Library } from '../index/mod.js';

/** Items a page at a time. */
export interface ItemPage {
  readonly items: readonly Item[];
  /** Where to go on, for `before`; null at the end. */
  readonly next: number | null;
}

/** More captions of one photo say nothing new. */
const MAX_CAPTIONS = 50;

/** The library as one leafs through it, without asking for anything. */
export class Shelf {
  readonly #library: Library;

  constructor(library: Library) {
    this.#library = library;
  }

  /** What was added last comes first. @param before the `next` of the page before */
  page(kind: ItemKind, limit: number, before: number = Number.MAX_SAFE_INTEGER): ItemPage {
    const ids = this.#library.pages.before(kind, before, limit + 1);
    const shown = ids.slice(0, limit);
    const found = this.#library.items.of(shown);
    const items = shown.flatMap((id) => found.get(id) ?? []);
    return { items, next: ids.length > limit ? (shown.at(-1) ?? null) : null };
  }

  /** The photo at an absolute path. @throws ERR_ITEM_NOT_FOUND */
  at(path: string): Item {
    const id = this.#library.pages.at(path);
    const item = id === undefined ? undefined : this.#library.item(id);
    if (item !== undefined) return item;
    const message = `No photo of the library lies at ${path}. Expected the absolute path of a file that was ingested.`;
    throw new SightlineError('ERR_ITEM_NOT_FOUND', message);
  }

  /** What collections and sidecars say a photo shows. */
  captionsOf(photo: Photo): string[] {
    const ids = this.#library.pages.captionsOf(photo.path, MAX_CAPTIONS);
    return ids.flatMap((id) => {
      const item = this.#library.item(id);
      return item?.kind === 'caption' ? [item.text] : [];
    });
  }
}
