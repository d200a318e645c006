import type { Urgency } from './session-host.js';

/** One request for some results, all or none of which are handed out. */
interface Call<Result> {
  readonly results: Result[];
  missing: number;
  failed: boolean;
  readonly resolve: (results: Result[]) => void;
  readonly reject: (error: unknown) => void;
}

interface Entry<Item, Result> {
  readonly item: Item;
  readonly place: number;
  readonly call: Call<Result>;
}

interface Lane<Item, Result> {
  readonly waiting: Entry<Item, Result>[];
  runs: number;
}

export interface BatchWork<Item, Result> {
  /** Items in one run, at most. */
  readonly limit: number;
  /** One result an item, in their order. */
  readonly run: (items: readonly Item[], urgency: Urgency) => Promise<Result[]>;
}

/**
 * Merges what is asked at the same time into one run. Nothing waits for company: what is asked while the lane has room is
 * run at once, and what comes meanwhile goes together when a run ends, so there is a delay only where there is a queue.
 */
export class RunBatcher<Item, Result> {
  /** One at work and one behind it, so that the session is never without; see `SessionHost`. */
  static readonly #runsAtOnce = 2;

  readonly #work: BatchWork<Item, Result>;
  readonly #lanes: Record<Urgency, Lane<Item, Result>> = {
    query: { waiting: [], runs: 0 },
    batch: { waiting: [], runs: 0 },
    background: { waiting: [], runs: 0 },
  };

  constructor(work: BatchWork<Item, Result>) {
    this.#work = work;
  }

  /** Results in the order of the items. A failing run fails only the calls that fail on their own, too. */
  submit(items: readonly Item[], urgency: Urgency): Promise<Result[]> {
    if (items.length === 0) return Promise.resolve([]);
    return new Promise((resolve, reject) => {
      const call: Call<Result> = { results: [], missing: items.length, failed: false, resolve, reject };
      const entries = items.map((item, place) => ({ item, place, call }));
      this.#lanes[urgency].waiting.push(...entries);
      // After the caller's own turn: what is asked in one turn is one run.
      queueMicrotask(() => this.#dispatch(urgency));
    });
  }

  #dispatch(urgency: Urgency): void {
    const lane = this.#lanes[urgency];
    while (lane.runs < RunBatcher.#runsAtOnce) {
      const entries = this.#take(lane);
      if (entries.length === 0) return;
      lane.runs++;
      void this.#attempt(entries, urgency).finally(() => {
        lane.runs--;
        this.#dispatch(urgency);
      });
    }
  }

  #take(lane: Lane<Item, Result>): Entry<Item, Result>[] {
    const taken: Entry<Item, Result>[] = [];
    while (taken.length < this.#work.limit) {
      const entry = lane.waiting.shift();
      if (entry === undefined) break;
      if (!entry.call.failed) taken.push(entry);
    }
    return taken;
  }

  async #attempt(entries: readonly Entry<Item, Result>[], urgency: Urgency): Promise<void> {
    try {
      const results = await this.#work.run(
        entries.map(({ item }) => item),
        urgency,
      );
      for (const [index, { call, place }] of entries.entries()) {
        call.results[place] = results[index] as Result;
        if (--call.missing === 0) call.resolve(call.results);
      }
    } catch (error) {
      const calls = [...new Set(entries.map(({ call }) => call))];
      if (calls.length === 1) return calls.forEach((call) => refuse(call, error));
      // Whose fault it was shows when each goes alone.
      for (const call of calls) {
        await this.#attempt(
          entries.filter((entry) => entry.call === call),
          urgency,
        );
      }
    }
  }
}

function refuse<Result>(call: Call<Result>, error: unknown): void {
  call.failed = true;
  call.reject(error);
}
