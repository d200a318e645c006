/** When an answer is due. */
export interface Deadline {
  /** Resolves when time is up. */
  readonly passed: Promise<unknown>;
  /** Milliseconds until then; below 0 afterwards. */
  left(): number;
}

/** A deadline by the clock; to be cancelled when nobody waits for it any more. */
export class Timer implements Deadline {
  readonly passed: Promise<void>;
  readonly #end: number;
  #handle: NodeJS.Timeout | undefined;

  constructor(milliseconds: number) {
    this.#end = performance.now() + milliseconds;
    this.passed = new Promise((resolve) => {
      this.#handle = setTimeout(resolve, milliseconds);
    });
  }

  left(): number {
    return this.#end - performance.now();
  }

  cancel(): void {
    clearTimeout(this.#handle);
  }
}
