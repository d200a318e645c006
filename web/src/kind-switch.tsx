import type { VNode } from 'preact';
import type { ItemKind } from './contract.js';
import { STRINGS } from './strings.js';

const KINDS: readonly ItemKind[] = ['photo', 'caption'];

export interface KindSwitchProps {
  readonly kind: ItemKind;
  readonly onChange: (kind: ItemKind) => void;
}

export function KindSwitch({ kind, onChange }: KindSwitchProps): VNode {
  return (
    <fieldset class="kinds">
      <legend class="visually-hidden">{STRINGS.kindLabel}</legend>
      {KINDS.map((option) => (
        <label class="kind" key={option}>
          <input
            type="radio"
            name="kind"
            value={option}
            checked={kind === option}
            onChange={() => onChange(option)}
          />
          <span>{STRINGS.kinds[option]}</span>
        </label>
      ))}
    </fieldset>
  );
}
