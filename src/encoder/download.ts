/**
 * Fetches one large file over HTTP. What has come lies in a `.part` beside its place, so that a connection that breaks, a
 * Ctrl-C or a crash costs nothing but the rest; the file appears under its name only when it is whole.
 */
import { open, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { z } from 'zod';
import { pathError, SightlineError, systemCode } from '../core/errors.js';
import { fileSha256 } from './bundle.js';
import { requireSpace } from './disk-space.js';

export interface DownloadOptions {
  readonly url: string;
  readonly path: string;
  /** The file is refused and removed where its content is another. */
  readonly sha256?: string | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: (done: number, total: number) => void;
}

/** Connections that break one after the other, with nothing coming through, before it is called a failure. */
const FRUITLESS_ATTEMPTS = 2;

const HTTP = { ok: 200, partial: 206, rangeNotSatisfiable: 416 } as const;

function failure(url: string, reason: string, next: string, cause?: unknown): SightlineError {
  const message = `${url} could not be downloaded: ${reason}. ${next}`;
  return new SightlineError('ERR_DOWNLOAD_FAILED', message, { cause, details: { url } });
}

/** The innermost reason: fetch says no more than that it failed. */
function reasonOf(error: Error): string {
  const outer = error.cause;
  const cause: unknown = outer instanceof AggregateError ? outer.errors[0] : outer;
  return cause instanceof Error ? cause.message || (systemCode(cause) ?? error.message) : error.message;
}

/** Which version of the remote file the `.part` is of, as the server names it. */
interface PartRecord {
  readonly url: string;
  readonly version: string;
}

const recordSchema: z.ZodType<PartRecord> = z.strictObject({ url: z.string(), version: z.string() });

class PartFile {
  readonly path: string;
  readonly #record: string;

  constructor(path: string) {
    this.path = `${path}.part`;
    this.#record = `${this.path}.json`;
  }

  async size(): Promise<number> {
    return stat(this.path).then(
      ({ size }) => size,
      () => 0,
    );
  }

  /** The version that was begun at this address; undefined where none was, or where the server names none. */
  async version(url: string): Promise<string | undefined> {
    try {
      const record = recordSchema.parse(JSON.parse(await readFile(this.#record, 'utf8')));
      return record.url === url ? record.version : undefined;
    } catch {
      return undefined;
    }
  }

  async begin(url: string, version: string | null): Promise<void> {
    if (version === null) await rm(this.#record, { force: true });
    else await writeFile(this.#record, JSON.stringify({ url, version }));
  }

  async remove(): Promise<void> {
    await rm(this.path, { force: true });
    await rm(this.#record, { force: true });
  }

  async finish(path: string): Promise<void> {
    await rename(this.path, path);
    await rm(this.#record, { force: true });
  }
}

/** A strong ETag; a weak one does not promise the same bytes, and If-Range may not be asked with it. */
function versionOf({ headers }: Response): string | null {
  const tag = headers.get('etag');
  return tag !== null && !tag.startsWith('W/') ? tag : headers.get('last-modified');
}

/** First byte and whole length of a 206. */
function rangeOf({ headers }: Response): { start: number; total: number } | undefined {
  const [, start, total] = /^bytes (\d+)-\d+\/(\d+)$/.exec(headers.get('content-range') ?? '') ?? [];
  return start === undefined ? undefined : { start: Number(start), total: Number(total) };
}

/** Of the file; where the server encodes it, its header speaks of something else. */
function lengthOf({ headers }: Response): number | undefined {
  const length = headers.get('content-length');
  return length === null || headers.has('content-encoding') ? undefined : Number(length);
}

interface Opened {
  readonly response: Response;
  /** Where in the file the response begins. */
  readonly start: number;
  /** Length of the whole file, where the server says it. */
  readonly total: number | undefined;
}

/** Asks for what is missing; where the server starts over, or the remote file is another one, so does the `.part`. */
async function openRest(options: DownloadOptions, part: PartFile): Promise<Opened | 'whole'> {
  const { url, signal } = options;
  const size = await part.size();
  const version = size > 0 ? await part.version(url) : undefined;
  // A part of unknown version is not continued: two halves of two files would look like a whole one.
  const start = version === undefined ? 0 : size;
  const headers: Record<string, string> = { 'accept-encoding': 'identity' };
  if (version !== undefined) Object.assign(headers, { range: `bytes=${start}-`, 'if-range': version });
  const response = await fetch(url, { headers, signal: signal ?? null });
  if (response.status === HTTP.partial) {
    const range = rangeOf(response);
    if (range?.start === start) return { response, start, total: range.total };
  } else if (response.status === HTTP.ok) {
    return { response, start: 0, total: lengthOf(response) };
  }
  await response.body?.cancel();
  if (start > 0 && (response.status === HTTP.rangeNotSatisfiable || response.status === HTTP.partial)) {
    if (response.headers.get('content-range') === `bytes */${start}`) return 'whole';
    await part.remove();
    return openRest(options, part);
  }
  const reason = `the server answered ${response.status} ${response.statusText}`.trimEnd();
  throw failure(url, reason, 'Check the name and the address (--from), or download the file by hand.');
}

/** Writes the body behind what is there and returns how long the `.part` is now. */
async function append(
  { response, start, total }: Opened,
  part: PartFile,
  options: DownloadOptions,
): Promise<number> {
  if (start === 0) await part.begin(options.url, versionOf(response));
  const file = await open(part.path, start === 0 ? 'w' : 'r+');
  let end = start;
  try {
    for await (const chunk of response.body ?? []) {
      // Not an append: a second process at the same work then writes the same bytes to the same places.
      let done = 0;
      while (done < chunk.length) {
        const { bytesWritten } = await file.write(chunk, done, chunk.length - done, end + done);
        done += bytesWritten;
      }
      end += chunk.length;
      options.onProgress?.(end, total ?? end);
    }
    await file.truncate(end);
    await file.sync();
  } finally {
    await file.close();
  }
  return end;
}

/** One connection. */
async function attempt(options: DownloadOptions, part: PartFile): Promise<void> {
  const opened = await openRest(options, part);
  if (opened === 'whole') return;
  const { start, total } = opened;
  if (total !== undefined) await requireSpace(options.path, total - start);
  const length = await append(opened, part, options);
  if (total === undefined || length === total) return;
  if (length > total) await part.remove();
  throw failure(options.url, `${total} bytes were announced but ${length} came`, 'Run the command again.');
}

async function fetchWhole(options: DownloadOptions, part: PartFile): Promise<void> {
  let fruitless = 0;
  for (;;) {
    const before = await part.size();
    try {
      return await attempt(options, part);
    } catch (error) {
      options.signal?.throwIfAborted();
      if (error instanceof SightlineError) throw error;
      // The network's errors come from fetch as TypeErrors; those of files carry the code of a system call.
      if (!(error instanceof TypeError)) throw pathError(error, part.path, 'ERR_DOWNLOAD_FAILED');
      const size = await part.size();
      fruitless = size > before ? 0 : fruitless + 1;
      if (fruitless < FRUITLESS_ATTEMPTS) continue;
      const kept =
        size > 0
          ? `The ${size} bytes that came are kept; run the command again to go on`
          : 'Check the network';
      throw failure(options.url, reasonOf(error), `${kept}, or use another address (--from).`, error);
    }
  }
}

async function checkContent(
  path: string,
  options: DownloadOptions,
  remove: () => Promise<void>,
): Promise<string> {
  const found = await fileSha256(path, options.signal);
  if (options.sha256 === undefined || found === options.sha256) return found;
  await remove();
  const reason = `its content has the SHA-256 ${found}, expected ${options.sha256}`;
  throw failure(
    options.url,
    reason,
    `${basename(path)} is removed; run the command again, or use another address (--from).`,
  );
}

/**
 * Makes sure that a file is there, whole, and returns its SHA-256. A file that is there already is checked and kept.
 * @throws ERR_DOWNLOAD_FAILED, ERR_DISK_FULL, ERR_INTERRUPTED; what has come is kept, unless it is wrong
 */
export async function download(options: DownloadOptions): Promise<string> {
  const { path, signal } = options;
  const part = new PartFile(path);
  try {
    if (await stat(path).catch(() => undefined))
      return await checkContent(path, options, () => rm(path, { force: true }));
    await fetchWhole(options, part);
    const sha256 = await checkContent(part.path, options, () => part.remove());
    await part.finish(path);
    return sha256;
  } catch (error) {
    signal?.throwIfAborted();
    throw pathError(error, path, 'ERR_DOWNLOAD_FAILED');
  }
}
