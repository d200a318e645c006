import type { VNode } from 'preact';
import { useState } from 'preact/hooks';
import { useAnswer } from './answer.js';
import { readFailures, retryFailures } from './api.js';
import { fileName } from './figures.js';
import { Icon } from './icon.js';
import { STRINGS } from './strings.js';
import { troubleText } from './trouble.js';

/** Files that could not be read, why, and another try. */
export function FailuresCard({ count }: { readonly count: number }): VNode | null {
  const [tries, setTries] = useState(0);
  const [trying, setTrying] = useState(false);
  const [said, setSaid] = useState('');
  const failures = useAnswer(readFailures, `${count} ${tries}`)?.failures ?? [];
  if (count === 0 && said === '') return null;
  const retry = (paths: readonly string[]): void => {
    setTrying(true);
    retryFailures(paths)
      .then(
        ({ tried, failed }) => setSaid(STRINGS.retried(tried - failed, tried)),
        (error: unknown) => setSaid(troubleText(error)),
      )
      .finally(() => {
        setTrying(false);
        setTries((before) => before + 1);
      });
  };
  return (
    <section class="card" data-testid="failures">
      <div class="card-head">
        <h3>{STRINGS.failuresTitle}</h3>
        <button type="button" class="button" disabled={trying} aria-busy={trying} onClick={() => retry([])}>
          <Icon name="retry" />
          {trying ? STRINGS.retrying : STRINGS.retryAll}
        </button>
      </div>
      <p class="quiet" role="status">
        {said}
      </p>
      <ul role="list">
        {failures.map(({ path, reason, count: times, nextTry }) => (
          <li class="line failure" key={path}>
            <span class="line-name" title={path}>
              {fileName(path)}
            </span>
            <button
              type="button"
              class="icon-button"
              aria-label={STRINGS.retryOne(path)}
              title={STRINGS.retryOne(path)}
              disabled={trying}
              onClick={() => retry([path])}
            >
              <Icon name="retry" />
            </button>
            <span class="quiet">
              {reason} {STRINGS.tries(times, nextTry)}
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}
