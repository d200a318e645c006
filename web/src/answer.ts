/** What the server says once, for a part of the page that can be there without it. */
import { useEffect, useState } from 'preact/hooks';

/**
 * Null until the server has answered, and where it does not: what cannot be told is left out.
 * @param about asks again whenever it changes, and forgets what was said about something else
 */
export function useAnswer<Answer>(
  ask: (signal: AbortSignal) => Promise<Answer>,
  about: unknown = null,
): Answer | null {
  const [answer, setAnswer] = useState<{ readonly about: unknown; readonly value: Answer } | null>(null);
  useEffect(() => {
    const gone = new AbortController();
    ask(gone.signal).then(
      (value) => !gone.signal.aborted && setAnswer({ about, value }),
      () => {},
    );
    return () => gone.abort();
  }, [about]);
  return answer !== null && answer.about === about ? answer.value : null;
}
