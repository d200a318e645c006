/** Paths in the order in which they are due. When the first one is, they are looked at, one look after another. */
export class DuePaths<Entry extends { readonly due: number }> {
  readonly #look: () => Promise<void>;
  readonly #entries = new Map<string, Entry>();
  #timer: NodeJS.Timeout | undefined;
  #looking: Promise<void> = Promise.resolve();
  #closed = false;

  /** @param look sees to what is due: takes it out, or puts it back for later */
  constructor(look: () => Promise<void>) {
    this.#look = look;
  }

  get size(): number {
    return this.#entries.size;
  }

  get closed(): boolean {
    return this.#closed;
  }

  get(path: string): Entry | undefined {
    return this.#entries.get(path);
  }

  /** Behind all others: nobody may be due later than who comes next. */
  set(path: string, entry: Entry): void {
    if (this.#closed) return;
    this.#entries.delete(path);
    this.#entries.set(path, entry);
    this.#schedule();
  }

  delete(path: string): void {
    this.#entries.delete(path);
  }

  /** What is due, the longest due first. */
  due(now: number, most: number = Number.POSITIVE_INFINITY): [string, Entry][] {
    const due: [string, Entry][] = [];
    for (const entry of this.#entries) {
      if (entry[1].due > now || due.length >= most) break;
      due.push(entry);
    }
    return due;
  }

  /** Forgets all and waits for the look under way. */
  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#timer);
    this.#entries.clear();
    await this.#looking;
  }

  #schedule(): void {
    if (this.#timer !== undefined || this.#closed) return;
    const [next] = this.#entries.values();
    if (next === undefined) return;
    this.#timer = setTimeout(
      () => {
        this.#looking = this.#look().finally(() => {
          this.#timer = undefined;
          this.#schedule();
        });
      },
      Math.max(0, next.due - Date.now()),
    );
  }
}
