/** What could not be read: every failure is entered with how often it happened and when it is tried again. */
import type { FailureChange, IngestLibrary } from '../core/ports.js';
import { nextTry } from './retry-policy.js';
import type { UnreadablePath } from './scan.js';

/** A failure with the time of its next try. */
export function scheduled(failure: FailureChange, { files }: Pick<IngestLibrary, 'files'>): FailureChange {
  const before = files.one(failure.file.path)?.failureCount ?? 0;
  return { ...failure, nextTry: nextTry(failure.code, before + 1, Date.now()) };
}

/** Folders and files that could not even be looked at. What is gone is not among them. */
export function enterUnreadable(unreadable: readonly UnreadablePath[], library: IngestLibrary): void {
  for (const { path, error } of unreadable) {
    if (error.code === 'ERR_PATH_NOT_FOUND') continue;
    const file = { path, size: 0, mtimeMs: 0 };
    const { code, message: reason } = error;
    library.commit([scheduled({ type: 'failure', file, code, reason }, library)]);
  }
}
