import type { VNode } from 'preact';
import { useAnswer } from './answer.js';
import { readModels } from './api.js';
import { STRINGS } from './strings.js';

/** The models that could read this library, and the one that does. */
export function ModelsCard(): VNode | null {
  const models = useAnswer(readModels);
  if (models === null) return null;
  return (
    <section class="card" data-testid="models">
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
