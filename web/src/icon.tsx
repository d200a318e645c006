/** Line icons on a 24-unit grid; they take the colour and, through CSS, the size of the text around them. */
import type { VNode } from 'preact';

export type IconName =
  | 'search'
  | 'cross'
  | 'picture'
  | 'camera'
  | 'spark'
  | 'arrow'
  | 'open'
  | 'info'
  | 'library'
  | 'caption'
  | 'plus'
  | 'minus'
  | 'filter'
  | 'place'
  | 'copy'
  | 'retry'
  | 'check';

/** What each is drawn of: circles as [x, y, radius], rectangles as [x, y, width, height, corner], and paths. */
const DRAWINGS: Readonly<Record<IconName, readonly (string | readonly number[])[]>> = {
  search: [[11, 11, 6.5], 'm16 16 4.5 4.5'],
  cross: ['m6.5 6.5 11 11m0-11-11 11'],
  picture: [
    [3.5, 5, 17, 14, 3],
    [8.75, 9.75, 1.5],
    'm4 16.5 4.3-3.6a1.5 1.5 0 0 1 1.9 0l2.3 1.9 2.8-2.8a1.5 1.5 0 0 1 2.1 0l3.1 3.1',
  ],
  camera: [
    'M4 8.5a2 2 0 0 1 2-2h2l1.2-1.7a1.5 1.5 0 0 1 1.2-.6h3.2a1.5 1.5 0 0 1 1.2.6L16 6.5h2a2 2 0 0 1 2 2v8.5a2 2 0 0 1-2 2H6a2 2 0 0 1-2-2Z',
    [12, 12.5, 3.25],
  ],
  spark: [
    'M11 4.5c.6 4.6 1.9 5.9 6.5 6.5-4.6.6-5.9 1.9-6.5 6.5-.6-4.6-1.9-5.9-6.5-6.5 4.6-.6 5.9-1.9 6.5-6.5Z',
    'M18.5 16v4m-2-2h4',
  ],
  arrow: ['m9.5 5.5 6.5 6.5-6.5 6.5'],
  open: ['M13.5 4.5h6v6m0-6-8.5 8.5M18 14v3.5a2 2 0 0 1-2 2H6.5a2 2 0 0 1-2-2V8a2 2 0 0 1 2-2H10'],
  info: [[12, 12, 8.5], 'M12 11.5v5m0-8.5v.01'],
  library: [
    [3.5, 4, 7, 7, 2],
    [13.5, 4, 7, 7, 2],
    [3.5, 14, 7, 6, 2],
    [13.5, 14, 7, 6, 2],
  ],
  caption: [
    'M5 4.5h14a1.5 1.5 0 0 1 1.5 1.5v9a1.5 1.5 0 0 1-1.5 1.5h-7L7.5 20v-3.5H5A1.5 1.5 0 0 1 3.5 15V6A1.5 1.5 0 0 1 5 4.5Z',
    'M7.5 8.75h9m-9 3.5h5.5',
  ],
  plus: ['M12 5.5v13m-6.5-6.5h13'],
  minus: ['M5.5 12h13'],
  filter: ['M4.5 7h15M7.5 12h9m-6 5h3'],
  place: ['M12 20.5c4-4.2 6-7.4 6-10a6 6 0 0 0-12 0c0 2.6 2 5.8 6 10Z', [12, 10.5, 2.25]],
  copy: [
    [8.5, 8.5, 11, 11, 2.5],
    'M15.5 8.5V7a2.5 2.5 0 0 0-2.5-2.5H7A2.5 2.5 0 0 0 4.5 7v6A2.5 2.5 0 0 0 7 15.5h1.5',
  ],
  retry: ['M19 12a7 7 0 1 1-2.2-5.1M19 4.5v4h-4'],
  check: ['m5 12.5 4.5 4.5L19 7.5'],
};

function stroke(drawn: string | readonly number[]): VNode {
  if (typeof drawn === 'string') return <path d={drawn} />;
  const [x, y, across, high, corner] = drawn;
  return high === undefined ? (
    <circle cx={x} cy={y} r={across} />
  ) : (
    <rect x={x} y={y} width={across} height={high} rx={corner} />
  );
}

export function Icon({ name }: { readonly name: IconName }): VNode {
  return (
    <svg
      class={`icon icon-${name}`}
      viewBox="0 0 24 24"
      width="20"
      height="20"
      fill="none"
      stroke="currentColor"
      stroke-width="1.75"
      stroke-linecap="round"
      stroke-linejoin="round"
      aria-hidden="true"
    >
      {DRAWINGS[name].map(stroke)}
    </svg>
  );
}
