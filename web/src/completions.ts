/** What the line may go on with: asked for while somebody types a condition, and for nothing else. */
import { useEffect, useState } from 'preact/hooks';
import { readCompletions } from './api.js';
import type { Completion } from './contract.js';

const PAUSE_MS = 80;
/** A condition at the end of the line, or at least two letters that a field could begin with. */
const UNDER_WAY = /(?:^|[\s(-])(?:[A-Za-z]+(?:>=|<=|[:=<>])(?:"[^"]*|[^\s"]*)|[A-Za-z]{2,})$/;

export function useCompletions(line: string, wanted: boolean): readonly Completion[] {
  const [known, setKnown] = useState<{ readonly line: string; readonly list: readonly Completion[] }>();
  const asking = wanted && UNDER_WAY.test(line);
  useEffect(() => {
    if (!asking) return undefined;
    const gone = new AbortController();
    const pause = setTimeout(() => {
      readCompletions(line, gone.signal).then(
        (list) => setKnown({ line, list }),
        // Without them one types the rest.
        () => {},
      );
    }, PAUSE_MS);
    return () => {
      clearTimeout(pause);
      gone.abort();
    };
  }, [line, asking]);
  return asking && known?.line === line ? known.list : [];
}
