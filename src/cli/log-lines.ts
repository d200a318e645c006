/** Log lines for people: programs that collect logs get pino's JSON as it is. */
import { styled } from './styled.js';

interface Entry {
  readonly level: number;
  readonly time: number;
  readonly msg?: string;
  readonly [field: string]: unknown;
}

const WARN = 40;
const ERROR = 50;
/** Pino's own fields, which tell a person nothing. */
const PLUMBING: ReadonlySet<string> = new Set(['level', 'time', 'msg', 'pid', 'hostname']);

const shown = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));

/** One line of pino's JSON as a person reads it. */
export function readableLine(json: string): string {
  const entry = JSON.parse(json) as Entry;
  const colour = entry.level >= ERROR ? 'red' : entry.level >= WARN ? 'yellow' : 'dim';
  const time = new Date(entry.time).toTimeString().slice(0, 8);
  const fields = Object.entries(entry)
    .filter(([name]) => !PLUMBING.has(name))
    .map(([name, value]) => `${name}=${shown(value)}`);
  return [styled(colour, time, process.stderr), entry.msg ?? '', ...fields].join(' ');
}

/** A destination for pino that writes to a terminal. */
export const terminalLog = {
  write(json: string): void {
    process.stderr.write(`${readableLine(json)}\n`);
  },
};
