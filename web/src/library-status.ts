import { useEffect, useState } from 'preact/hooks';
import { ApiError, readStatus } from './api.js';
import type { LibraryStatus } from './contract.js';

const BUSY_PAUSE_MS = 2000;
const QUIET_PAUSE_MS = 15_000;

export interface KnownStatus {
  readonly status: LibraryStatus | null;
  /** The server wants to know who asks. */
  readonly locked: boolean;
}

/**
 * The library's state, kept fresh: counts every now and then, progress as the server tells it, nothing while nobody looks.
 * @param closely whether somebody looks at the library itself
 */
export function useLibraryStatus(closely: boolean): KnownStatus {
  const [known, setKnown] = useState<KnownStatus>({ status: null, locked: false });
  const busy = known.status?.ingest.running ?? false;

  useEffect(() => {
    const gone = new AbortController();
    let timer: ReturnType<typeof setTimeout> | undefined;
    let asking = false;

    async function poll(): Promise<void> {
      clearTimeout(timer);
      if (document.hidden || asking) return;
      asking = true;
      let pause = QUIET_PAUSE_MS;
      try {
        const fresh = await readStatus(gone.signal);
        // The first photo of an empty library is waited for.
        const empty = fresh.items.photo + fresh.items.caption === 0;
        if (fresh.ingest.running || empty) pause = BUSY_PAUSE_MS;
        setKnown({ status: fresh, locked: false });
      } catch (error) {
        // Otherwise the last state stays; a search will say if the server is gone.
        if (error instanceof ApiError && error.locked) setKnown({ status: null, locked: true });
      }
      asking = false;
      if (!gone.signal.aborted) timer = setTimeout(() => void poll(), pause);
    }

    document.addEventListener('visibilitychange', () => void poll(), { signal: gone.signal });
    void poll();
    return () => {
      gone.abort();
      clearTimeout(timer);
    };
  }, []);

  const listening = (busy || closely) && !known.locked;
  useEffect(() => {
    if (!listening) return undefined;
    const events = new EventSource('api/events');
    events.addEventListener('message', ({ data }: MessageEvent<string>) => {
      const progress = JSON.parse(data) as Pick<LibraryStatus, 'ingest' | 'freshness'>;
      setKnown(({ status, locked }) => ({ status: status && { ...status, ...progress }, locked }));
    });
    return () => events.close();
  }, [listening]);
  return known;
}
