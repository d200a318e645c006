import type { VNode } from 'preact';
import { STRINGS } from './strings.js';

export interface CloseReadingProps {
  readonly closely: boolean;
  readonly onChange: (closely: boolean) => void;
}

/** Whether the model reads words and photos together before it decides on the order. */
export function CloseReading({ closely, onChange }: CloseReadingProps): VNode {
  return (
    <label class="closely" title={STRINGS.closelyHint}>
      <input
        type="checkbox"
        checked={closely}
        onChange={({ currentTarget }) => onChange(currentTarget.checked)}
      />
      <span>{STRINGS.closely}</span>
    </label>
  );
}
