/**
 * The nearest items of a query, as many as turn out to be wanted, with or without a filter.
 *
 * A filter that leaves few items is answered exactly: their ids come from the catalog, counted up to a bound, and each is
 * compared. Beyond the bound so many are left that the graph meets them soon, so it is asked for its nearest and those are
 * looked up in the catalog; and for four times as many while too few pass. The addon under the graph could call a filter for
 * every vector that it looks at, but a callback that throws ends the process, and a row is not looked up without a chance to.
 *
 * The steps are the same whatever is wanted, each begins where the last one ended, and what one of them adds goes behind what
 * was there before: the first n neighbours are the same for every wanted number, so pages neither repeat nor skip although
 * the graph, asked for more, sometimes also finds what it had missed. It is asked for twice as many as are used: what lies at
 * the edge of its beam is where it misses.
 */
import type { Filter } from '../core/filter.js';
import type { ItemId, ItemKind } from '../core/item.js';
import type { Neighbour } from '../core/ports.js';
import type { Library } from '../index/mod.js';

/** Items that are still compared one by one: some milliseconds. */
export const EXACT_MOST = 30_000;
const FIRST_STEP = 128;
const FIRST_FILTERED_STEP = 256;
const GROWTH = 4;
const BEAM = 2;

export interface NeighbourQuestion {
  readonly kind: ItemKind;
  readonly vector: Float32Array;
  readonly filter: Filter | undefined;
  /** Items that are no answer: the query names them. */
  readonly without: readonly ItemId[];
}

export class Neighbours {
  readonly #library: Library;
  readonly #question: NeighbourQuestion;
  /** Ids that the filter leaves, where they are few. */
  readonly #ids: Int32Array | null;
  readonly #found: Neighbour[] = [];
  readonly #seen = new Set<ItemId>();
  #step: number;
  #ended = false;
  #examined = 0;
  #accepted = 0;
  /** Of the accepted, those that are no answer. */
  #skipped = 0;

  constructor(library: Library, question: NeighbourQuestion) {
    const { kind, filter } = question;
    this.#library = library;
    this.#question = question;
    this.#ids = filter ? library.filters.matching(kind, filter, EXACT_MOST) : null;
    this.#step = filter ? FIRST_FILTERED_STEP : FIRST_STEP;
  }

  get plan(): 'graph' | 'exact' {
    return this.#ids ? 'exact' : 'graph';
  }

  /** How many the filter leaves, where they were counted. */
  get matching(): number | null {
    return this.#ids?.length ?? null;
  }

  get examined(): number {
    return this.#examined;
  }

  /** Out of how many the neighbours are the nearest; for a filter that leaves many, by the share that passed so far. */
  get population(): number {
    const all = this.#library.searchable(this.#question.kind);
    if (this.#ids) return this.#ids.length;
    return this.#question.filter ? all * (this.#accepted / Math.max(1, this.#examined)) : all;
  }

  /** The nearest, best first: at least `wanted` where there are so many. */
  upTo(wanted: number): readonly Neighbour[] {
    while (!this.#ended && this.#found.length < wanted) this.#extend();
    return this.#found;
  }

  #extend(): void {
    const { kind, vector, filter } = this.#question;
    const step = this.#step;
    this.#step *= GROWTH;
    if (this.#ids) {
      this.#examined = this.#ids.length;
      this.#ended = step >= this.#ids.length;
      return this.#append(this.#library.searchAmong(kind, vector, this.#ids, step));
    }
    const size = this.#library.searchable(kind);
    const nearest = this.#library.search(kind, vector, Math.min(size, step * BEAM)).slice(0, step);
    this.#ended = step >= size;
    const fresh = nearest.filter(({ id }) => !this.#seen.has(id));
    this.#examined += fresh.length;
    const passed = filter
      ? this.#library.filters.among(
          kind,
          filter,
          fresh.map(({ id }) => id),
        )
      : undefined;
    for (const { id } of fresh) this.#seen.add(id);
    this.#append(passed ? fresh.filter(({ id }) => passed.has(id)) : fresh);
  }

  #append(neighbours: readonly Neighbour[]): void {
    const { without } = this.#question;
    const known = this.#ids ? this.#found.length + this.#skipped : 0;
    for (const neighbour of this.#ids ? neighbours.slice(known) : neighbours) {
      this.#accepted++;
      if (without.includes(neighbour.id)) this.#skipped++;
      else this.#found.push(neighbour);
    }
  }
}
