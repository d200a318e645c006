interface Lease<Value> {
  readonly value: Promise<Value>;
  users: number;
  timer?: NodeJS.Timeout;
}

export interface LeaseTerms<Value> {
  readonly create: (key: string) => Promise<Value>;
  readonly release: (value: Value) => Promise<void>;
  /** What nobody used for so long is released; 0: never. */
  readonly idleMs: number;
}

/** Costly things by key: made at their first use, shared, and let go when they were not used for a while. */
export class LeasePool<Value> {
  readonly #terms: LeaseTerms<Value>;
  readonly #leases = new Map<string, Lease<Value>>();

  constructor(terms: LeaseTerms<Value>) {
    this.#terms = terms;
  }

  keys(): string[] {
    return [...this.#leases.keys()];
  }

  async use<Result>(key: string, work: (value: Value) => Promise<Result>): Promise<Result> {
    const lease = this.#leases.get(key) ?? this.#make(key);
    lease.users++;
    clearTimeout(lease.timer);
    try {
      return await work(await lease.value);
    } finally {
      lease.users--;
      if (lease.users === 0) this.#wait(key, lease);
    }
  }

  #make(key: string): Lease<Value> {
    const lease: Lease<Value> = { value: this.#terms.create(key), users: 0 };
    this.#leases.set(key, lease);
    // What could not be made is not kept: the next use tries again.
    lease.value.catch(() => this.#forget(key, lease));
    return lease;
  }

  #wait(key: string, lease: Lease<Value>): void {
    if (this.#terms.idleMs === 0) return;
    lease.timer = setTimeout(() => {
      // Out of the map first: whoever comes during the release gets a new one.
      this.#forget(key, lease);
      // A value that does not let itself be released is forgotten all the same.
      lease.value.then((value) => this.#terms.release(value)).catch(() => {});
    }, this.#terms.idleMs);
    lease.timer.unref();
  }

  #forget(key: string, lease: Lease<Value>): void {
    if (this.#leases.get(key) === lease) this.#leases.delete(key);
  }
}
