import { setTimeout as sleep } from 'node:timers/promises';

/** Milliseconds between two updates for those who look on. */
const BETWEEN_UPDATES = 250;

/** Those who want to know how something stands whenever it changes. */
export class Onlookers {
  readonly #listeners = new Set<() => void>();

  /** It has changed. */
  tell(): void {
    for (const listener of this.#listeners) listener();
  }

  /** How it stands, now and whenever that changes, a few times a second at most, until the signal fires. */
  async *updates<Status>(status: () => Status, ended: AbortSignal): AsyncGenerator<Status> {
    let hasChanged = true;
    let wake: (() => void) | undefined;
    const listener = (): void => {
      hasChanged = true;
      wake?.();
    };
    this.#listeners.add(listener);
    ended.addEventListener('abort', listener, { once: true });
    try {
      while (!ended.aborted) {
        if (!hasChanged) await new Promise<void>((resolve) => (wake = resolve));
        hasChanged = false;
        if (ended.aborted) return;
        yield status();
        await sleep(BETWEEN_UPDATES, undefined, { signal: ended }).catch(() => {});
      }
    } finally {
      this.#listeners.delete(listener);
    }
  }
}
