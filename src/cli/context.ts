import { pino } from 'pino';
import type { Command } from 'commander';
import { type Config, loadConfig } from '../config.js';
import { SightlineError } from '../core/errors.js';
import type { Log } from '../core/log.js';
import { terminalLog } from './log-lines.js';

/** What a command runs with. */
export interface Context {
  readonly config: Config;
  readonly json: boolean;
  readonly log: Log;
  /** Fires on Ctrl-C or SIGTERM: finish what is under way and leave. A second Ctrl-C leaves at once. */
  readonly signal: AbortSignal;
}

export const EXIT = { ok: 0, failed: 1, usage: 2, partial: 3, interrupted: 130 } as const;

function interruption(): AbortSignal {
  const controller = new AbortController();
  const stop = (): void => {
    if (controller.signal.aborted) process.exit(EXIT.interrupted);
    controller.abort(new SightlineError('ERR_INTERRUPTED', 'Interrupted.'));
  };
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
  return controller.signal;
}

/**
 * Settings from the flags of a command and its parents, with the environment behind them.
 * @param defaults of this command, where they differ from those of all
 */
export function contextOf(command: Command, defaults: Partial<Config> = {}): Context {
  const flags = command.optsWithGlobals<Record<string, unknown>>();
  const config = loadConfig(flags, process.env, defaults);
  const log = pino(
    { level: config.logLevel },
    process.stderr.isTTY ? terminalLog : pino.destination({ dest: 2, sync: true }),
  );
  return { config, json: flags['json'] === true, log, signal: interruption() };
}
