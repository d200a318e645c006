/** A line chart as an SVG file: axes from the data, ticks at round numbers, colours that tell apart on light and dark. */

/** `x` and `y` of the points, in the order of the line. */
export type Point = readonly [x: number, y: number];

export interface Series {
  readonly label: string;
  readonly points: readonly Point[];
  /** For what others are compared with: chance, the ideal, a target. */
  readonly dashed?: boolean;
  /** A dot at every point. */
  readonly dots?: boolean;
}

export interface Axis {
  readonly label: string;
  /** The ends; those of the data where they are not given. */
  readonly from?: number;
  readonly to?: number;
}

export interface Plot {
  /** Part of the file's name: NAME-`id`.svg. */
  readonly id: string;
  readonly title: string;
  readonly x: Axis;
  readonly y: Axis;
  readonly series: readonly Series[];
}

const WIDTH = 640;
const HEIGHT = 400;
const MARGIN = { top: 48, right: 24, bottom: 56, left: 72 } as const;
const LINE_HEIGHT = 20;
const TICKS = 6;
const COLOURS = ['#0072b2', '#d55e00', '#009e73', '#cc79a7', '#56b4e9', '#e69f00'] as const;

interface Scale {
  readonly ticks: readonly number[];
  place(value: number): number;
}

/** The round number (1, 2 or 5 times a power of ten) that parts a span into about `TICKS` steps. */
function roundStep(span: number): number {
  const rough = span / TICKS;
  const power = 10 ** Math.floor(Math.log10(rough));
  const factor = [1, 2, 5, 10].find((candidate) => candidate * power >= rough) ?? 10;
  return factor * power;
}

function scaleOf(axis: Axis, values: readonly number[], begin: number, end: number): Scale {
  const known = values.filter(Number.isFinite);
  const from = axis.from ?? Math.min(...known);
  const most = axis.to ?? Math.max(...known);
  // A single value still needs a span.
  const to = most > from ? most : from + 1;
  const step = roundStep(to - from);
  const first = Math.ceil(from / step - 1e-9);
  const count = Math.floor(to / step + 1e-9) - first + 1;
  return {
    ticks: Array.from({ length: Math.max(0, count) }, (_, i) => (first + i) * step),
    place: (value) => begin + ((value - from) / (to - from)) * (end - begin),
  };
}

const escaped = (words: string): string =>
  words.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

/** Without the noise of binary fractions: 0.30000000000000004 is 0.3. */
const numeral = (value: number): string => String(Number(value.toPrecision(6)));
const pixel = (value: number): string => value.toFixed(1);

function text(x: number, y: number, words: string, attributes = ''): string {
  return `<text x="${pixel(x)}" y="${pixel(y)}" ${attributes}>${escaped(words)}</text>`;
}

function line(from: Point, to: Point, attributes: string): string {
  const [x1, y1, x2, y2] = [...from, ...to].map(pixel);
  return `<line x1="${x1}" y1="${y1}" x2="${x2}" y2="${y2}" ${attributes}/>`;
}

function frame(plot: Plot, x: Scale, y: Scale): string[] {
  const bottom = HEIGHT - MARGIN.bottom;
  const right = WIDTH - MARGIN.right;
  return [
    ...y.ticks.flatMap((tick) => [
      line([MARGIN.left, y.place(tick)], [right, y.place(tick)], 'class="grid"'),
      text(MARGIN.left - 8, y.place(tick) + 4, numeral(tick), 'text-anchor="end"'),
    ]),
    ...x.ticks.map((tick) =>
      text(x.place(tick), bottom + LINE_HEIGHT, numeral(tick), 'text-anchor="middle"'),
    ),
    line([MARGIN.left, bottom], [right, bottom], 'class="axis"'),
    text(MARGIN.left, MARGIN.top / 2, plot.title, 'class="title"'),
    text((MARGIN.left + right) / 2, HEIGHT - 12, plot.x.label, 'text-anchor="middle"'),
    text(
      -(MARGIN.top + bottom) / 2,
      LINE_HEIGHT,
      plot.y.label,
      'text-anchor="middle" transform="rotate(-90)"',
    ),
  ];
}

function drawn(
  { label, points, dashed = false, dots = false }: Series,
  place: number,
  x: Scale,
  y: Scale,
): string[] {
  const colour = COLOURS[place % COLOURS.length] as string;
  const spots = points.filter(([, value]) => Number.isFinite(value));
  const path = spots.map(([px, py]) => `${pixel(x.place(px))},${pixel(y.place(py))}`).join(' ');
  const dash = dashed ? ' stroke-dasharray="6 4"' : '';
  const row = MARGIN.top + place * LINE_HEIGHT + 8;
  const legend = WIDTH - MARGIN.right - 190;
  return [
    `<polyline points="${path}" fill="none" stroke="${colour}" stroke-width="2"${dash}/>`,
    ...(dots
      ? spots.map(
          ([px, py]) =>
            `<circle cx="${pixel(x.place(px))}" cy="${pixel(y.place(py))}" r="3.5" fill="${colour}"/>`,
        )
      : []),
    line([legend, row], [legend + 22, row], `stroke="${colour}" stroke-width="2"${dash}`),
    text(legend + 30, row + 4, label),
  ];
}

const STYLE = `
  .paper { fill: #fff; }
  text { font: 12px system-ui, sans-serif; fill: #222; }
  .title { font-size: 14px; font-weight: 600; }
  .grid { stroke: #8886; }
  .axis { stroke: #888; }
  @media (prefers-color-scheme: dark) { .paper { fill: #161514; } text { fill: #eee; } }`;

/** The chart as the text of an SVG file. Values that are not finite are left out. */
export function svgOf(plot: Plot): string {
  const points = plot.series.flatMap((series) => series.points);
  const x = scaleOf(
    plot.x,
    points.map(([value]) => value),
    MARGIN.left,
    WIDTH - MARGIN.right,
  );
  const y = scaleOf(
    plot.y,
    points.map(([, value]) => value),
    HEIGHT - MARGIN.bottom,
    MARGIN.top,
  );
  return `${[
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${escaped(plot.title).replaceAll('"', '&quot;')}">`,
    `<style>${STYLE}\n</style>`,
    `<rect class="paper" width="${WIDTH}" height="${HEIGHT}"/>`,
    ...frame(plot, x, y),
    ...plot.series.flatMap((series, place) => drawn(series, place, x, y)),
    '</svg>',
  ].join('\n')}\n`;
}
