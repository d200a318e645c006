import type { SightlineError } from '../core/errors.js';

export interface IngestProgress {
  /** `scanning`: looking for files; `embedding`: reading and embedding what is new. */
  readonly phase: 'scanning' | 'embedding';
  /** Files and captions that are dealt with, those of earlier runs included: a run that goes on does not begin at 0. */
  readonly done: number;
  /** Of these, what was dealt with before this run. */
  readonly before: number;
  /** How many there are; null while scanning. */
  readonly total: number | null;
  readonly failed: number;
}

export interface FailedPath {
  readonly path: string;
  readonly code: string;
  readonly reason: string;
}

/** What one ingest did. */
export interface IngestReport {
  /** Photos and captions that are new to the library or changed. */
  readonly added: number;
  /** Files whose content the library already had: copies, renames, moves. */
  readonly known: number;
  /** Files that are as they were. */
  readonly unchanged: number;
  /** Paths that are gone from the disk. */
  readonly removed: number;
  readonly failed: readonly FailedPath[];
  /** Files that failed before and have not changed since. */
  readonly stillFailing: number;
  /** What the user should know: a folder that was found empty and was therefore left as it is, for example. */
  readonly warnings: readonly string[];
  /** Stopped by the user; what was done is kept and the next run goes on from there. */
  readonly interrupted: boolean;
  readonly seconds: number;
}

/** Counts of a run in the making. */
export class IngestTally {
  added = 0;
  known = 0;
  unchanged = 0;
  removed = 0;
  stillFailing = 0;
  done = 0;
  readonly failed: FailedPath[] = [];
  readonly warnings: string[] = [];
  readonly #start = performance.now();

  /** What earlier runs have dealt with. */
  get before(): number {
    return this.unchanged + this.stillFailing;
  }

  fail(path: string, { code, message }: SightlineError): void {
    this.failed.push({ path, code, reason: message });
  }

  report(interrupted: boolean): IngestReport {
    const { added, known, unchanged, removed, stillFailing, failed, warnings } = this;
    const seconds = (performance.now() - this.#start) / 1000;
    return { added, known, unchanged, removed, stillFailing, failed, warnings, interrupted, seconds };
  }
}
