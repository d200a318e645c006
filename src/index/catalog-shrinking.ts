import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Catalog } from './catalog/catalog.js';

/** Free pages, at the least, and their share of the file, before any are given back: they will be needed again. */
const LEAST_PAGES = 64;
const SHARE = 0.2;
/** Pages, and rows, at a time: a few milliseconds. */
const STEP_PAGES = 16;
const STEP_ROWS = 256;

/** Gives back what deletions left free in the catalog's file, in steps between which others run. */
export class CatalogShrinking {
  readonly #catalog: Catalog;
  #work: Promise<void> | undefined;
  #stopped = false;

  constructor(catalog: Catalog) {
    this.#catalog = catalog;
  }

  tend(): void {
    if (this.#stopped) return;
    // A library that cannot shrink, on a full disk for example, is as good as one that does.
    this.#work ??= this.#shrink()
      .catch(() => {})
      .finally(() => {
        this.#work = undefined;
      });
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    await this.#work;
  }

  async #shrink(): Promise<void> {
    const { models, upkeep } = this.#catalog;
    while (models.hasStrays()) {
      models.dropStrays(STEP_ROWS);
      await nextTurn();
      if (this.#stopped) return;
    }
    const { free, all } = upkeep.pages();
    if (free < LEAST_PAGES || free < SHARE * all) return;
    while (upkeep.shrink(STEP_PAGES)) {
      await nextTurn();
      if (this.#stopped) return;
    }
    upkeep.flush();
  }
}
