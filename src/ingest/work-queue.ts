import type { FileState } from '../core/ports.js';

/** `fresh`: somebody has just put it there and wants to find it. `backfill`: everything else. */
export type Priority = 'fresh' | 'backfill';

export interface Job {
  readonly file: FileState;
  readonly priority: Priority;
  /** Who wants to know what became of it. */
  readonly orders: ReadonlySet<object>;
}

/**
 * Files that wait to be ingested, fresh ones first. A path waits once, in its latest state; one that changes while it is
 * being worked on waits until that is done, so that the newer state is the last one written.
 */
export class WorkQueue {
  readonly #fresh = new Map<string, Job>();
  readonly #backfill = new Map<string, Job>();
  readonly #underWay = new Set<string>();
  /** Came while their path was under way. */
  readonly #again = new Map<string, Job>();

  /** Files waiting or under way. */
  get pending(): number {
    return this.#fresh.size + this.#backfill.size + this.#underWay.size + this.#again.size;
  }

  get waiting(): number {
    return this.#fresh.size + this.#backfill.size;
  }

  get hasFresh(): boolean {
    return this.#fresh.size > 0;
  }

  add(job: Job): void {
    const { path } = job.file;
    if (this.#underWay.has(path)) {
      this.#again.set(path, merged(this.#again.get(path), job));
      return;
    }
    const all = merged(this.#fresh.get(path) ?? this.#backfill.get(path), job);
    this.#backfill.delete(path);
    this.#queue(all.priority).set(path, all);
  }

  /** The next file, which is then under way until `done`. */
  take(): Job | undefined {
    for (const queue of [this.#fresh, this.#backfill]) {
      const [job] = queue.values();
      if (job === undefined) continue;
      queue.delete(job.file.path);
      this.#underWay.add(job.file.path);
      return job;
    }
    return undefined;
  }

  done({ file: { path } }: Job): void {
    this.#underWay.delete(path);
    const again = this.#again.get(path);
    if (again === undefined) return;
    this.#again.delete(path);
    this.add(again);
  }

  /** Takes back what waits for this order alone. @returns how many files */
  withdraw(order: object): number {
    let withdrawn = 0;
    for (const queue of [this.#fresh, this.#backfill, this.#again]) {
      for (const [path, job] of queue) {
        if (!job.orders.has(order)) continue;
        withdrawn++;
        const others = new Set([...job.orders].filter((other) => other !== order));
        if (others.size === 0) queue.delete(path);
        else queue.set(path, { ...job, orders: others });
      }
    }
    return withdrawn;
  }

  #queue(priority: Priority): Map<string, Job> {
    return priority === 'fresh' ? this.#fresh : this.#backfill;
  }
}

function merged(before: Job | undefined, job: Job): Job {
  if (before === undefined) return job;
  const priority = before.priority === 'fresh' ? 'fresh' : job.priority;
  return { file: job.file, priority, orders: new Set([...before.orders, ...job.orders]) };
}
