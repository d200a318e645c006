import type { VNode } from 'preact';

/** Half-widths of the lids, from the innermost out. */
const LIDS = [400, 500, 610, 730, 860, 1000, 1150];

/** A large, quiet eye behind the welcome: lids around lids, with the search field where one looks. */
export function Backdrop(): VNode {
  return (
    <svg class="backdrop" viewBox="-1200 -900 2400 1800" aria-hidden="true">
      {LIDS.map((half) => (
        <path key={half} d={lid(half)} />
      ))}
      <path class="backdrop-sight" d="M-1200 0H1200" />
    </svg>
  );
}

function lid(half: number): string {
  const height = half * 0.72;
  const bend = half * 0.45;
  return `M${-half} 0C${-bend} ${-height} ${bend} ${-height} ${half} 0C${bend} ${height} ${-bend} ${height} ${-half} 0Z`;
}
