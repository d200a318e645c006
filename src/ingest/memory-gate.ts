/** Lets work in as long as what is inside fits; what alone would not fit goes in when nothing else is there. */
export class MemoryGate {
  readonly #limit: number;
  #inside = 0;
  readonly #waiting: { readonly bytes: number; readonly enter: () => void }[] = [];

  /** @param limit bytes */
  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Resolves, in order of asking, with what to call when the bytes are free again. */
  enter(bytes: number): Promise<() => void> {
    return new Promise((resolve) => {
      const enter = (): void => {
        this.#inside += bytes;
        resolve(this.#leaving(bytes));
      };
      this.#waiting.push({ bytes, enter });
      this.#admit();
    });
  }

  #leaving(bytes: number): () => void {
    let left = false;
    return () => {
      if (left) return;
      left = true;
      this.#inside -= bytes;
      this.#admit();
    };
  }

  #admit(): void {
    for (;;) {
      const [next] = this.#waiting;
      if (next === undefined) return;
      if (this.#inside > 0 && this.#inside + next.bytes > this.#limit) return;
      this.#waiting.shift();
      next.enter();
    }
  }
}
