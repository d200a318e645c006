import type { VNode } from 'preact';
import { useCopying } from './copying.js';
import { FolderForm } from './folders-card.js';
import { Icon } from './icon.js';
import { STRINGS } from './strings.js';

/** What to do on the first visit, in three steps. */
export function FirstVisit(): VNode {
  return (
    <section class="empty" aria-labelledby="empty-title">
      <h1 class="headline" id="empty-title">
        {STRINGS.emptyTitle}
      </h1>
      <p class="promise">{STRINGS.emptyIntro}</p>
      <ol class="steps">
        {STRINGS.emptySteps.map((step, place) => (
          <li class="step" key={step.title}>
            <h2 class="step-title">{step.title}</h2>
            <p>{step.text}</p>
            {place === 0 && <FolderForm />}
            {step.commands.map((command) => (
              <Command key={command} command={command} />
            ))}
          </li>
        ))}
      </ol>
    </section>
  );
}

function Command({ command }: { readonly command: string }): VNode {
  const [copied, copy] = useCopying(command);
  const name = copied ? STRINGS.copied : STRINGS.copyCommand(command);
  return (
    <div class="command">
      <code>{command}</code>
      <button type="button" class="icon-button" aria-label={name} title={name} onClick={copy}>
        <Icon name={copied ? 'check' : 'copy'} />
      </button>
    </div>
  );
}
