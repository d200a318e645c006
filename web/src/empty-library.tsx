import type { VNode } from 'preact';
import { STRINGS } from './strings.js';

export function EmptyLibrary(): VNode {
  return (
    <section class="empty" aria-labelledby="empty-title">
      <h1 class="headline" id="empty-title">
        {STRINGS.emptyTitle}
      </h1>
      <p class="promise">{STRINGS.emptyIntro}</p>
      <ol class="steps">
        {STRINGS.emptySteps.map((step) => (
          <li class="step" key={step.title}>
            <h2 class="step-title">{step.title}</h2>
            <p>{step.text}</p>
            {step.commands.map((command) => (
              <code class="command" key={command}>
                {command}
              </code>
            ))}
          </li>
        ))}
      </ol>
    </section>
  );
}
