import { useEffect, useState } from 'preact/hooks';
import { readStatus } from './api.js';
import type { LibraryStatus } from './contract.js';

const BUSY_PAUSE_MS = 1000;
const QUIET_PAUSE_MS = 15_000;

/** The library's state, kept fresh: often while files are read, seldom otherwise, never while nobody looks. */
export function useLibraryStatus(): LibraryStatus | null {
  const [status, setStatus] = useState<LibraryStatus | null>(null);
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
        if (fresh.ingest.running) pause = BUSY_PAUSE_MS;
        setStatus(fresh);
      } catch {
        // The last state stays; a search will say if the server is gone.
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
  return status;
}
