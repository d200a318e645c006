/** The calls that the page makes. */
import type {
  Completion,
  DuplicateMode,
  Duplicates,
  Failure,
  Folders,
  LibraryStatus,
  Models,
  SearchAnswer,
  Statistics,
  WatchedFolder,
  WholeItem,
} from './contract.js';
import { ownPictures, type Part, type SearchRequest } from './search-request.js';
import { type SearchStage, stagesOf } from './search-stream.js';
import { STRINGS } from './strings.js';

/** A refusal of the server; its message is the `detail` of the problem document, written for people. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  /** The same request may succeed later: what failed was the server or the way to it. */
  readonly passing: boolean;
  /** The server wants to know who asks. */
  readonly locked: boolean;

  constructor(message: string, passing: boolean, options: ErrorOptions & { readonly locked?: boolean } = {}) {
    super(message, options);
    this.passing = passing;
    this.locked = options.locked ?? false;
  }
}

/** Hits that come first, and those that follow while one scrolls. */
const FIRST_PAGE = 60;
const NEXT_PAGE = 180;
const SIMILAR = 12;
const FAILURES = 200;

/** Photos are there at once, so there is time for a closer look. */
const CLOSELY = { budgetMs: 3000 } as const;

const JSON_BODY = { 'content-type': 'application/json' };

/** Relative, so that the page also works under a sub-path. */
export function thumbnailAddress(id: number): string {
  return `api/items/${id}/thumbnail`;
}

export async function search(
  request: SearchRequest,
  offset: number,
  signal: AbortSignal,
): Promise<SearchAnswer> {
  const pictures = ownPictures(request);
  if (pictures.length > 0) {
    const form = new FormData();
    for (const [name, value] of Object.entries(fieldsOf(request, offset)))
      form.set(name, typeof value === 'string' ? value : JSON.stringify(value));
    // Last, so that a server reading the stream knows the fields before the bytes arrive.
    for (const picture of pictures) form.append('image', picture);
    return ask<SearchAnswer>('api/search/image', { method: 'POST', body: form, signal });
  }
  return ask<SearchAnswer>('api/search', posted(fieldsOf(request, offset), signal));
}

/** The first page, told in stages: at once, and again when the closer look has changed the order. */
export async function* searchInStages(
  request: SearchRequest,
  signal: AbortSignal,
): AsyncGenerator<SearchStage> {
  if (ownPictures(request).length > 0) {
    yield { stage: 'final', answer: await search(request, 0, signal) };
    return;
  }
  const response = await send('api/search/stream', posted(fieldsOf(request, 0), signal));
  if (response.body) yield* stagesOf(response.body);
}

function fieldsOf(request: SearchRequest, offset: number): Record<string, unknown> {
  const { text, filters, parts, kind, closely, sort } = request;
  const pictures = ownPictures(request);
  const part = ({ subject, weight }: Part): object => ({
    ...('words' in subject && { text: subject.words }),
    ...('photo' in subject && { imageId: subject.photo }),
    ...('picture' in subject && { picture: pictures.indexOf(subject.picture) }),
    ...(weight !== 1 && { weight }),
  });
  const all = parts.filter(({ away }) => !away).map(part);
  const not = parts.filter(({ away }) => away).map(part);
  return {
    // As typed: words, "exact words", -leave-outs and conditions.
    ...(text !== '' && { query: text }),
    ...(all.length > 0 && { all }),
    ...(not.length > 0 && { not }),
    ...(filters.length > 0 && { filter: filters.map((filter) => `(${filter})`).join(' ') }),
    ...(sort !== 'score' && { sort }),
    // Never by default: what is found while one types must not depend on how far a closer look came.
    rerank: closely ? CLOSELY : false,
    kind,
    limit: offset === 0 ? FIRST_PAGE : NEXT_PAGE,
    offset,
  };
}

function postedJson(fields: object): RequestInit {
  return { method: 'POST', headers: JSON_BODY, body: JSON.stringify(fields) };
}

const posted = (fields: object, signal: AbortSignal): RequestInit => ({ ...postedJson(fields), signal });

export function readItem(id: number, signal: AbortSignal): Promise<WholeItem> {
  return ask<WholeItem>(`api/items/${id}`, { signal });
}

export function similarTo(id: number, signal: AbortSignal): Promise<SearchAnswer> {
  return ask<SearchAnswer>(`api/items/${id}/similar?limit=${SIMILAR}`, { signal });
}

export function readFailures(signal: AbortSignal): Promise<{ readonly failures: readonly Failure[] }> {
  return ask(`api/failures?limit=${FAILURES}`, { signal });
}

/** @param paths what to try again; everything where there is none */
export function retryFailures(
  paths: readonly string[] = [],
): Promise<{ readonly tried: number; readonly failed: number }> {
  return ask('api/failures/retry', postedJson({ paths }));
}

export async function readCompletions(line: string, signal: AbortSignal): Promise<readonly Completion[]> {
  const address = `api/filter/completions?line=${encodeURIComponent(line)}`;
  return (await ask<{ readonly completions: readonly Completion[] }>(address, { signal })).completions;
}

export function readDuplicates(mode: DuplicateMode, signal: AbortSignal): Promise<Duplicates> {
  return ask(`api/duplicates?mode=${mode}`, { signal });
}

export function readStatistics(signal: AbortSignal): Promise<Statistics> {
  return ask('api/stats', { signal });
}

export function readModels(signal: AbortSignal): Promise<Models> {
  return ask('api/models', { signal });
}

/** Begins to embed the library with another model; `readModels` tells how far that is. */
export function useModel(name: string, leaveUnreadable: boolean): Promise<unknown> {
  return ask('api/models/use', postedJson({ name, leaveUnreadable }));
}

export function abandonModel(): Promise<unknown> {
  return ask('api/models/abandon', { method: 'POST' });
}

/** Reads a folder and follows it from then on. @param path absolute */
/** @returns the folders that are followed now; so does `unwatchFolder` */
export async function watchFolder(path: string): Promise<readonly WatchedFolder[]> {
  return (await ask<Folders>('api/folders', postedJson({ path }))).folders;
}

export async function unwatchFolder(path: string): Promise<readonly WatchedFolder[]> {
  const address = `api/folders?path=${encodeURIComponent(path)}`;
  return (await ask<Folders>(address, { method: 'DELETE' })).folders;
}

export function signIn(key: string): Promise<unknown> {
  return ask('api/session', postedJson({ key }));
}

export function readStatus(signal: AbortSignal): Promise<LibraryStatus> {
  return ask<LibraryStatus>('api/status', { signal });
}

async function ask<Answer>(address: string, request: RequestInit): Promise<Answer> {
  return (await (await send(address, request)).json()) as Answer;
}

async function send(address: string, request: RequestInit): Promise<Response> {
  let response: Response;
  try {
    response = await fetch(address, request);
  } catch (error) {
    if (request.signal?.aborted) throw error;
    throw new ApiError(STRINGS.unreachable, true, { cause: error });
  }
  if (!response.ok) {
    const locked = response.status === 401;
    throw new ApiError(await problemDetail(response), response.status >= 500, { locked });
  }
  return response;
}

async function problemDetail(response: Response): Promise<string> {
  try {
    const problem = (await response.json()) as { readonly detail?: string; readonly title?: string };
    return problem.detail ?? problem.title ?? STRINGS.unexpected;
  } catch {
    // A proxy in between may answer with a page of its own.
    return STRINGS.unexpected;
  }
}
