import type { VNode } from 'preact';
import type { Completion } from './contract.js';
import { STRINGS } from './strings.js';

export const COMPLETIONS_ID = 'completions';

export const completionId = (place: number): string => `completion-${place}`;

export interface CompletionListProps {
  readonly completions: readonly Completion[];
  /** The one that Enter would take. */
  readonly active: number | null;
  readonly onChoose: (line: string) => void;
}

/** Fields and values under the line; the keyboard stays in the line. */
export function CompletionList({ completions, active, onChoose }: CompletionListProps): VNode {
  return (
    <ul
      class="completions"
      role="listbox"
      id={COMPLETIONS_ID}
      aria-label={STRINGS.completions}
      hidden={completions.length === 0}
    >
      {completions.map(({ line, text, about }, place) => (
        <li
          key={line}
          id={completionId(place)}
          role="option"
          class="completion"
          aria-selected={place === active}
          // Before the line loses the focus, and the list with it.
          onPointerDown={(event) => {
            event.preventDefault();
            onChoose(line);
          }}
        >
          <span class="completion-text">{text}</span>
          <span class="completion-about">{STRINGS.completionAbout(about)}</span>
        </li>
      ))}
    </ul>
  );
}
