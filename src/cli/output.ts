/** Words for people and JSON for programs. Results go to stdout, everything else to stderr. */
import { asSightlineError, errorKind } from '../core/errors.js';
import { EXIT } from './context.js';
import { styled } from './styled.js';

export { styled };

export function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

export function printJson(value: unknown): void {
  print(JSON.stringify(value, null, 2));
}

export function note(line: string): void {
  process.stderr.write(`${line}\n`);
}

/** Columns as wide as their widest cell; the last one is not padded. */
export function printTable(rows: readonly (readonly string[])[]): void {
  const widths = (rows[0] ?? []).map((_, column) =>
    Math.max(...rows.map((row) => (row[column] ?? '').length)),
  );
  for (const row of rows) {
    const cells = row.map((cell, column) =>
      column === row.length - 1 ? cell : cell.padEnd(widths[column] ?? 0),
    );
    print(cells.join('  '));
  }
}

/** Tells an error, as JSON on stdout where JSON was asked for, and returns the exit code it calls for. */
export function reportError(error: unknown, json: boolean): number {
  const { code, message, details } = asSightlineError(error);
  if (json) printJson({ error: { code, message, details } });
  else
    note(
      `${styled('red', 'error', process.stderr)} ${message} ${styled('dim', `[${code}]`, process.stderr)}`,
    );
  if (code === 'ERR_INTERRUPTED') return EXIT.interrupted;
  return errorKind(code).usage ? EXIT.usage : EXIT.failed;
}
