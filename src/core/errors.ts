/**
 * Every way Sightline can refuse, in one table.
 *
 * Codes are part of the API and never change their meaning; messages are for people and may. A message says what was
 * expected and what to do next. `status` is the HTTP status the API answers with; the command line exits with 2 where
 * `usage` is set, otherwise with 1.
 */
export const ERRORS = {
  ERR_CONFIG_INVALID: { status: 400, title: 'A setting is not valid', usage: true },
  ERR_REQUEST_INVALID: { status: 400, title: 'The request is not valid', usage: true },
  ERR_QUERY_EMPTY: { status: 400, title: 'There is nothing to search for', usage: true },
  ERR_QUERY_TOO_LONG: { status: 400, title: 'The query is too long', usage: true },
  ERR_FILTER_INVALID: { status: 400, title: 'The filter is not valid', usage: true },
  ERR_REPETITION_DIFFERS: { status: 422, title: 'The repetition is another request' },
  ERR_ROUTE_NOT_FOUND: { status: 404, title: 'There is no such address' },
  ERR_HOST_REFUSED: { status: 403, title: 'The server does not answer to this name' },
  ERR_ORIGIN_REFUSED: { status: 403, title: 'Pages of other sites may not ask' },
  ERR_KEY_REQUIRED: { status: 401, title: 'A key is needed' },
  ERR_KEY_UNKNOWN: { status: 401, title: 'The key opens nothing' },
  ERR_SCOPE_MISSING: { status: 403, title: 'The key lacks this right' },
  ERR_KEY_EXISTS: { status: 409, title: 'A key of this name exists', usage: true },
  ERR_KEY_NOT_FOUND: { status: 404, title: 'There is no such key', usage: true },
  ERR_RATE_LIMITED: { status: 429, title: 'Too many requests' },
  ERR_OVERLOADED: { status: 503, title: 'The server has too much to do' },
  ERR_ITEM_NOT_FOUND: { status: 404, title: 'There is no such item' },
  ERR_FILE_GONE: { status: 410, title: 'The file is no longer there' },
  ERR_FILE_CHANGED: { status: 409, title: 'The file changed since it was ingested' },
  ERR_FILE_UNSETTLED: { status: 409, title: 'The file is still being written' },
  ERR_PATH_NOT_FOUND: { status: 404, title: 'There is nothing at this path', usage: true },
  ERR_FOLDER_NOT_WATCHED: { status: 404, title: 'No watched folder holds this path' },
  ERR_PATH_UNREADABLE: { status: 403, title: 'This path cannot be read' },
  ERR_NAME_INVALID: { status: 422, title: 'The name of the file is not UTF-8' },
  ERR_IMAGE_UNREADABLE: { status: 422, title: 'The picture cannot be read' },
  ERR_IMAGE_TOO_LARGE: { status: 413, title: 'The picture has too many pixels' },
  ERR_RANGE_INVALID: { status: 416, title: 'The picture has no such bytes' },
  ERR_VIDEO_UNREADABLE: { status: 422, title: 'The video cannot be read' },
  ERR_VIDEO_UNAVAILABLE: { status: 501, title: 'Videos need ffmpeg' },
  ERR_UPLOAD_TOO_LARGE: { status: 413, title: 'The upload is too large' },
  ERR_SIDECAR_INVALID: { status: 422, title: 'The sidecar cannot be read' },
  ERR_CAPTIONS_INVALID: { status: 422, title: 'The caption collection cannot be read' },
  ERR_DATASET_INVALID: { status: 422, title: 'The dataset file cannot be read' },
  ERR_CHECKPOINT_FORMAT: { status: 422, title: 'This is not a checkpoint that can be read' },
  ERR_CHECKPOINT_UNSAFE: { status: 422, title: 'The checkpoint asks to run code' },
  ERR_CHECKPOINT_UNSUPPORTED: { status: 422, title: 'The checkpoint holds another model' },
  ERR_TOKENIZER_INVALID: { status: 422, title: 'The tokenizer cannot be used' },
  ERR_MODEL_MISSING: { status: 404, title: 'The model is not there' },
  ERR_MODEL_INVALID: { status: 422, title: 'The model bundle is damaged' },
  ERR_MODEL_EXISTS: { status: 409, title: 'A model of this name exists' },
  ERR_MODEL_MISMATCH: { status: 409, title: 'The library belongs to another model' },
  ERR_MODEL_IN_USE: { status: 409, title: 'The library needs this model' },
  ERR_MODEL_CAPABILITY: { status: 422, title: 'The model cannot do this' },
  ERR_DOWNLOAD_FAILED: { status: 502, title: 'The download failed' },
  ERR_ENCODER_FAILED: { status: 500, title: 'The encoder stopped' },
  ERR_PROVIDER_UNAVAILABLE: { status: 500, title: 'The provider cannot be had', usage: true },
  ERR_LIBRARY_LOCKED: { status: 409, title: 'The library is in use' },
  ERR_LIBRARY_READ_ONLY: { status: 409, title: 'The library is open for reading only' },
  ERR_DATABASE_NEWER: { status: 409, title: 'The library was written by a newer Sightline' },
  ERR_DATABASE_DAMAGED: { status: 500, title: 'The library database is damaged' },
  ERR_DISK_FULL: { status: 507, title: 'The disk is full' },
  ERR_ENGINE_CLOSED: { status: 503, title: 'The engine is closed' },
  ERR_PORT_IN_USE: { status: 500, title: 'The port is in use' },
  ERR_INTERRUPTED: { status: 499, title: 'Interrupted' },
  ERR_INTERNAL: { status: 500, title: 'Something unexpected happened' },
} as const;

export type ErrorCode = keyof typeof ERRORS;

export interface ErrorKind {
  readonly status: number;
  readonly title: string;
  readonly usage?: true;
}

export function errorKind(code: ErrorCode): ErrorKind {
  return ERRORS[code];
}

export interface SightlineErrorOptions {
  readonly cause?: unknown;
  /** Machine-readable facts that the message mentions (a path, a limit, a line). */
  readonly details?: Readonly<Record<string, unknown>>;
}

export class SightlineError extends Error {
  override readonly name = 'SightlineError';
  readonly code: ErrorCode;
  readonly details: Readonly<Record<string, unknown>>;

  constructor(code: ErrorCode, message: string, options: SightlineErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.details = options.details ?? {};
  }
}

const SYSTEM_ERRORS: Readonly<Record<string, readonly [ErrorCode, string]>> = {
  ENOENT: ['ERR_PATH_NOT_FOUND', 'does not exist; check the spelling'],
  ENOTDIR: ['ERR_PATH_NOT_FOUND', 'does not exist: a part of it is a file, not a folder'],
  EACCES: ['ERR_PATH_UNREADABLE', 'may not be read by this user; change its permissions or leave it out'],
  EPERM: ['ERR_PATH_UNREADABLE', 'may not be read by this user; change its permissions or leave it out'],
  ENOSPC: [
    'ERR_DISK_FULL',
    'could not be written: the disk is full; free some room and run the command again',
  ],
  EDQUOT: ['ERR_DISK_FULL', 'could not be written: the quota is used up; free some room and run again'],
  EROFS: ['ERR_LIBRARY_READ_ONLY', 'is on a read-only file system; choose another --data-dir'],
};

/** The operating system's code of an error (`ENOENT`, …), if it has one. */
export function systemCode(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}

/** Names an operating-system error on `path` by our table; anything else is `fallback`. */
export function pathError(error: unknown, path: string, fallback: ErrorCode): SightlineError {
  if (error instanceof SightlineError) return error;
  const known = SYSTEM_ERRORS[systemCode(error) ?? ''];
  const reason = error instanceof Error ? error.message : String(error);
  return known
    ? new SightlineError(known[0], `${path} ${known[1]}.`, { cause: error, details: { path } })
    : new SightlineError(fallback, `${path}: ${reason}`, { cause: error, details: { path } });
}

/** Any thrown value as a `SightlineError`; what is not ours becomes `ERR_INTERNAL`. */
export function asSightlineError(error: unknown): SightlineError {
  if (error instanceof SightlineError) return error;
  const reason = error instanceof Error ? error.message : String(error);
  return new SightlineError('ERR_INTERNAL', reason, { cause: error });
}
