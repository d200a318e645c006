import { useState } from 'preact/hooks';

/** @returns whether `text` was copied, and what copies it */
export function useCopying(text: string): readonly [boolean, () => void] {
  const [copied, setCopied] = useState<string | null>(null);
  const copy = (): void => {
    // Not there where the page is neither on this machine nor encrypted: the words can be marked all the same.
    const clipboard = navigator.clipboard as Clipboard | undefined;
    clipboard?.writeText(text).then(
      () => setCopied(text),
      () => {},
    );
  };
  return [copied === text, copy];
}
