import type { VNode } from 'preact';
import { STRINGS } from './strings.js';

/** @param searched how many items there are: with some, what was asked for is not among them */
export function Nothing({ searched }: { readonly searched: number }): VNode {
  return (
    <div class="nothing">
      <h2>{searched > 0 ? STRINGS.nothingShowsThat : STRINGS.nothingFound}</h2>
      <p>{searched > 0 ? STRINGS.nothingShowsThatHint : STRINGS.nothingFoundHint}</p>
    </div>
  );
}
