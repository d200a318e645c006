import type { VNode } from 'preact';

/** An eye, and the line of its sight. The same drawing as icon.svg, in the colours of the page. */
export function Logo(): VNode {
  return (
    <svg class="logo" viewBox="0 0 60 40" width="42" height="28" fill="none" aria-hidden="true">
      <path
        class="logo-lid"
        d="M4 20C11 9 18 4.5 26 4.5S41 9 48 20C41 31 34 35.5 26 35.5S11 31 4 20Z"
        stroke-width="4"
        stroke-linejoin="round"
      />
      <circle class="logo-iris" cx="26" cy="20" r="7.5" />
      <path class="logo-sight" d="M26 20H60" stroke-width="4" />
    </svg>
  );
}
