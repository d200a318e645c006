import type { VNode } from 'preact';
import { STRINGS } from './strings.js';

/** What is said to people about something that failed. */
export function troubleText(error: unknown): string {
  return error instanceof Error ? error.message : STRINGS.unexpected;
}

/** What went wrong, where it went wrong; nothing where all is well. */
export function TroubleLine({ text }: { readonly text: string }): VNode | null {
  if (text === '') return null;
  return (
    <p class="quiet" role="alert" data-trouble="true">
      {text}
    </p>
  );
}
