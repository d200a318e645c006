import type { VNode } from 'preact';
import type { Asked } from './explanation.js';
import { STRINGS } from './strings.js';

export interface WhyWordsProps {
  readonly asked: Asked;
  readonly onToggle: () => void;
  /** A place among the words, or null for all of them. */
  readonly onPoint: (word: number | null) => void;
}

/** The words of the query: whoever points at one sees where in the photo it is. */
export function WhyWords({ asked, onToggle, onPoint }: WhyWordsProps): VNode {
  const explanation = typeof asked === 'object' ? asked : null;
  return (
    <div class="why">
      <button
        type="button"
        class="viewer-button why-button"
        aria-pressed={asked !== 'not'}
        aria-busy={asked === 'waiting'}
        onClick={onToggle}
      >
        {asked === 'failed' ? STRINGS.whyFailed : STRINGS.why}
      </button>
      {explanation !== null && (
        <ul class="why-words" role="list" aria-label={STRINGS.whyWords} onMouseLeave={() => onPoint(null)}>
          {explanation.words.map(({ word }, place) => (
            <li key={place}>
              <button
                type="button"
                class="why-word"
                onMouseEnter={() => onPoint(place)}
                onFocus={() => onPoint(place)}
                onBlur={() => onPoint(null)}
                onClick={() => onPoint(place)}
              >
                {word}
              </button>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
