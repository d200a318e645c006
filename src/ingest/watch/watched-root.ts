import type { IngestReport } from '../progress.js';
import { Exclusions } from '../exclusions.js';
import { fileSystemOf } from './file-system.js';

export interface WatchedState {
  readonly path: string;
  /** `polling`: no events come from there, or not enough watches are left. */
  readonly mode: 'events' | 'polling';
  /** Why it is polled. */
  readonly reason: string | null;
  readonly reconciledAt: Date | null;
  /** Why the last look through it failed. */
  readonly problem: string | null;
}

/** A folder that is watched, with all below it. */
export interface WatchedRoot {
  readonly path: string;
  mode: WatchedState['mode'];
  reason: string | null;
  exclusions: Exclusions;
  reconciledAt: Date | null;
  problem: string | null;
  timer: NodeJS.Timeout | undefined;
  /** A look through it, under way or waiting for its turn. */
  pass: Promise<IngestReport | undefined> | undefined;
  /** Events since the last look through it. */
  events: number;
}

export async function watchedRoot(path: string, reconciledAt: Date | null): Promise<WatchedRoot> {
  const { type, mustPoll } = await fileSystemOf(path);
  return {
    path,
    mode: mustPoll ? 'polling' : 'events',
    reason: mustPoll ? `no events come from ${type}` : null,
    exclusions: new Exclusions(path),
    reconciledAt,
    problem: null,
    timer: undefined,
    pass: undefined,
    events: 0,
  };
}
