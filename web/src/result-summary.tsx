import type { VNode } from 'preact';
import type { SearchState } from './search-state.js';
import { STRINGS, resultSummary } from './strings.js';

/** Says what was found, also to those who do not see it. Keeps the last answer's words until there is a new one. */
export function ResultSummary({ state }: { readonly state: SearchState }): VNode {
  const { answer, phase } = state;
  const waiting = phase === 'searching' ? STRINGS.searching : '';
  return (
    <p class="summary" role="status" aria-live="polite">
      {answer === null
        ? waiting
        : [
            resultSummary(answer.hits.length, answer.total, answer.kind, answer.milliseconds),
            ...(phase === 'settling' ? [STRINGS.settling] : []),
            ...(answer.read !== null && answer.read.depth > 0
              ? [STRINGS.readClosely(answer.read.depth, answer.read.of)]
              : []),
          ].join(', ')}
    </p>
  );
}
