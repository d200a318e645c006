import type { VNode } from 'preact';

export interface ChoiceSwitchProps<Choice extends string> {
  /** Of the group; its radio buttons have it in common. */
  readonly name: string;
  readonly label: string;
  readonly choices: readonly Choice[];
  readonly nameOf: (choice: Choice) => string;
  readonly chosen: Choice;
  readonly onChange: (choice: Choice) => void;
}

/** One of a few, all in sight. */
export function ChoiceSwitch<Choice extends string>(props: ChoiceSwitchProps<Choice>): VNode {
  const { name, label, choices, nameOf, chosen, onChange } = props;
  return (
    <fieldset class="kinds">
      <legend class="visually-hidden">{label}</legend>
      {choices.map((choice) => (
        <label class="kind" key={choice}>
          <input
            type="radio"
            name={name}
            value={choice}
            checked={chosen === choice}
            onChange={() => onChange(choice)}
          />
          <span>{nameOf(choice)}</span>
        </label>
      ))}
    </fieldset>
  );
}
