import type { VNode } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { readFailures, readModels, retryFailures } from './api.js';
import type { Failure, LibraryStatus, Model } from './contract.js';
import { STRINGS, countOf, fileName, momentText } from './strings.js';

export interface LibraryViewProps {
  readonly status: LibraryStatus | null;
}

/** What the library is made of: how much, from where, how fresh, what could not be read, and which model reads it. */
export function LibraryView({ status }: LibraryViewProps): VNode {
  const models = useAnswer(readModels);
  return (
    <section class="library" aria-labelledby="library-title" data-testid="library">
      <h2 class="library-title" id="library-title">
        {STRINGS.library}
      </h2>
      {status !== null && <Numbers status={status} />}
      {status !== null && <Folders status={status} />}
      <Failures count={status?.failed ?? 0} />
      {models !== null && <Models models={models} />}
    </section>
  );
}

function Numbers({ status }: { readonly status: LibraryStatus }): VNode {
  const numbers = [
    { name: STRINGS.kinds.photo, value: status.items.photo },
    { name: STRINGS.kinds.caption, value: status.items.caption },
    { name: STRINGS.unreadable, value: status.failed },
    { name: STRINGS.waiting, value: status.freshness.pending },
  ];
  return (
    <dl class="numbers">
      {numbers.map(({ name, value }) => (
        <div class="number" key={name}>
          <dd>{countOf(value)}</dd>
          <dt>{name}</dt>
        </div>
      ))}
    </dl>
  );
}

function Folders({ status: { watched, freshness } }: { readonly status: LibraryStatus }): VNode {
  return (
    <section class="card">
      <h3>{STRINGS.folders}</h3>
      {watched.length === 0 && <p class="quiet">{STRINGS.noFolders}</p>}
      <ul role="list">
        {watched.map(({ path, mode, reason, problem }) => (
          <li class="line" key={path}>
            <span class="line-name">{path}</span>
            <span class="quiet">{problem ?? reason ?? STRINGS.watchModes[mode]}</span>
          </li>
        ))}
      </ul>
      {freshness.lastReconciled !== null && (
        <p class="quiet">{STRINGS.lastCompared(momentText(freshness.lastReconciled))}</p>
      )}
    </section>
  );
}

function Failures({ count }: { readonly count: number }): VNode | null {
  const [failures, setFailures] = useState<readonly Failure[]>([]);
  const [trying, setTrying] = useState(false);
  const [said, setSaid] = useState('');
  useEffect(() => {
    const gone = new AbortController();
    readFailures(gone.signal).then(
      (answer) => !gone.signal.aborted && setFailures(answer.failures),
      // The number above tells that there are some.
      () => {},
    );
    return () => gone.abort();
  }, [count]);
  if (count === 0 && failures.length === 0) return null;
  const retry = (): void => {
    setTrying(true);
    retryFailures()
      .then(
        ({ tried, failed }) => setSaid(STRINGS.retried(tried - failed, tried)),
        (error: unknown) => setSaid(error instanceof Error ? error.message : STRINGS.unexpected),
      )
      .finally(() => setTrying(false));
  };
  return (
    <section class="card">
      <div class="card-head">
        <h3>{STRINGS.failuresTitle}</h3>
        <button type="button" class="button" disabled={trying} aria-busy={trying} onClick={retry}>
          {trying ? STRINGS.retrying : STRINGS.retryAll}
        </button>
      </div>
      <p class="quiet" role="status">
        {said}
      </p>
      <ul role="list">
        {failures.map(({ path, reason }) => (
          <li class="line" key={path}>
            <span class="line-name" title={path}>
              {fileName(path)}
            </span>
            <span class="quiet">{reason}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}

function Models({ models }: { readonly models: readonly Model[] }): VNode {
  return (
    <section class="card">
      <h3>{STRINGS.models}</h3>
      <ul role="list">
        {models.map(({ name, checkpoint, current, precision, imageSize, dimensions }) => (
          <li class="line" key={name}>
            <span class="line-name">
              {name}
              {current && <span class="badge">{STRINGS.currentModel}</span>}
            </span>
            <span class="quiet">{STRINGS.modelFacts(checkpoint, precision, imageSize, dimensions)}</span>
          </li>
        ))}
      </ul>
      <p class="quiet">{STRINGS.modelHint}</p>
    </section>
  );
}

function useAnswer<Answer>(ask: (signal: AbortSignal) => Promise<Answer>): Answer | null {
  const [answer, setAnswer] = useState<Answer | null>(null);
  useEffect(() => {
    const gone = new AbortController();
    ask(gone.signal).then(
      (value) => !gone.signal.aborted && setAnswer(() => value),
      // What cannot be told is left out of the view.
      () => {},
    );
    return () => gone.abort();
  }, [ask]);
  return answer;
}
