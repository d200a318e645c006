/** What a benchmark found: as a table for people, as Markdown for a repository, as JSON for programs. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Machine } from './machine.js';
import { type Plot, svgOf } from './plot.js';
import { type Spread, spread } from './statistics.js';

/** One number, measured one or more times. */
export interface Figure extends Spread {
  readonly what: string;
  readonly unit: string;
  /** What the project wants it to be. Told, never asserted. */
  readonly target?: string;
  readonly samples: readonly number[];
  /** In which the value lies with 95 % certainty; told instead of the extremes. */
  readonly interval?: { readonly low: number; readonly high: number };
}

export interface Section {
  readonly title: string;
  readonly figures: readonly Figure[];
}

/** Words rather than numbers; the first row is the head. */
export interface TextTable {
  readonly title: string;
  readonly rows: readonly (readonly string[])[];
}

export interface Findings {
  readonly sections: readonly Section[];
  readonly tables?: readonly TextTable[];
  /** How it was measured, where the names do not say it. */
  readonly notes: readonly string[];
  /** Curves, each an SVG file beside the tables. */
  readonly plots?: readonly Plot[];
}

export interface Report extends Findings {
  readonly benchmark: string;
  readonly machine: Machine;
}

/** @param samples one for each repetition; those that the machine could not tell are left out */
export function figure(
  what: string,
  unit: string,
  samples: readonly (number | undefined)[],
  target?: string,
): Figure {
  const known = samples.filter((sample) => sample !== undefined);
  const summary = known.length === 0 ? { median: NaN, min: NaN, max: NaN } : spread(known);
  return { what, unit, ...summary, ...(target && { target }), samples: known };
}

/** Three significant digits: more would be noise. */
function digits(value: number): string {
  if (!Number.isFinite(value)) return '–';
  if (Math.abs(value) >= 100) return Math.round(value).toLocaleString('en-US');
  if (value !== 0 && Math.abs(value) < 0.01) return value.toPrecision(2);
  return value.toFixed(Math.abs(value) >= 10 ? 1 : Math.abs(value) >= 1 ? 2 : 3);
}

const HEADINGS = ['figure', 'median', 'min – max', 'unit', 'times', 'target'];
const NUMERIC = new Set([1, 2, 4]);

function rowOf({ what, unit, median, min, max, samples, target, interval }: Figure): string[] {
  const [low, high] = interval ? [interval.low, interval.high] : [min, max];
  const range = samples.length > 1 || interval ? `${digits(low)} – ${digits(high)}` : '';
  return [what, digits(median), range, unit, String(samples.length), target ?? ''];
}

function machineLine({ cpu, cores, memoryGiB, platform, node, onnxruntime }: Machine): string {
  return `${cpu}, ${cores} cores, ${memoryGiB} GiB, ${platform}, Node ${node}, ONNX Runtime ${onnxruntime}`;
}

export function textOf({ benchmark, machine, sections, tables: words = [], notes }: Report): string {
  const bodies = sections.map(({ figures }) => figures.map(rowOf));
  const widths = HEADINGS.map((heading, column) =>
    Math.max(heading.length, ...bodies.flat().map((row) => (row[column] ?? '').length)),
  );
  const line = (row: readonly string[]): string =>
    row
      .map((cell, column) => {
        const width = widths[column] ?? 0;
        return NUMERIC.has(column) ? cell.padStart(width) : cell.padEnd(width);
      })
      .join('  ')
      .trimEnd();
  const tables = sections.map(({ title }, index) =>
    [title, line(HEADINGS), ...(bodies[index] ?? []).map(line)].join('\n'),
  );
  return [
    `${benchmark} on ${machineLine(machine)}`,
    ...tables,
    ...words.map(({ title, rows }) => [title, ...rows.map((row) => row.join('  '))].join('\n')),
    notes.map((note) => `· ${note}`).join('\n'),
  ].join('\n\n');
}

const markdownRow = (row: readonly string[]): string => `| ${row.join(' | ')} |`;

const plotFile = (benchmark: string, { id }: Plot): string => `${benchmark}-${id}.svg`;

export function markdownOf({
  benchmark,
  machine,
  sections,
  tables: words = [],
  notes,
  plots = [],
}: Report): string {
  const rule = markdownRow(HEADINGS.map((_, column) => (NUMERIC.has(column) ? '--:' : '---')));
  const tables = sections.map(({ title, figures }) =>
    [`## ${title}`, '', markdownRow(HEADINGS), rule, ...figures.map((one) => markdownRow(rowOf(one)))].join(
      '\n',
    ),
  );
  const worded = words.map(({ title, rows: [head = [], ...rows] }) =>
    [`## ${title}`, '', markdownRow(head), markdownRow(head.map(() => '---')), ...rows.map(markdownRow)].join(
      '\n',
    ),
  );
  const pictures = plots.map((plot) => `![${plot.title}](${plotFile(benchmark, plot)})`);
  const list = notes.map((note) => `- ${note}`).join('\n');
  const parts = [
    `# Benchmark: ${benchmark}`,
    `${machineLine(machine)}.`,
    ...tables,
    ...worded,
    ...pictures,
    list,
  ];
  return `${parts.join('\n\n')}\n`;
}

export async function writeReport(report: Report, folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, `${report.benchmark}.json`), `${JSON.stringify(report, null, 2)}\n`);
  await writeFile(join(folder, `${report.benchmark}.md`), markdownOf(report));
  for (const plot of report.plots ?? [])
    await writeFile(join(folder, plotFile(report.benchmark, plot)), svgOf(plot));
}
