/** The three calls that the page makes. */
import type { LibraryStatus, SearchAnswer, SearchRequest } from './contract.js';
import { STRINGS } from './strings.js';

/** A refusal of the server; its message is the `detail` of the problem document, written for people. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  /** The same request may succeed later: what failed was the server or the way to it. */
  readonly passing: boolean;

  constructor(message: string, passing: boolean, options?: ErrorOptions) {
    super(message, options);
    this.passing = passing;
  }
}

export const PAGE_SIZE = 40;

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
  const { text, like, picture, kind } = request;
  if (picture !== null) {
    const form = new FormData();
    if (text !== '') form.set('text', text);
    form.set('kind', kind);
    form.set('limit', String(PAGE_SIZE));
    form.set('offset', String(offset));
    // Last, so that a server reading the stream knows the fields before the bytes arrive.
    form.set('image', picture);
    return ask<SearchAnswer>('api/search/image', { method: 'POST', body: form, signal });
  }
  const body = JSON.stringify({
    ...(text !== '' && { text }),
    ...(like !== null && { imageId: like }),
    kind,
    limit: PAGE_SIZE,
    offset,
  });
  return ask<SearchAnswer>('api/search', { method: 'POST', headers: JSON_BODY, body, signal });
}

export function readStatus(signal: AbortSignal): Promise<LibraryStatus> {
  return ask<LibraryStatus>('api/status', { signal });
}

async function ask<Answer>(address: string, request: RequestInit): Promise<Answer> {
  let response: Response;
  try {
    response = await fetch(address, request);
  } catch (error) {
    if (request.signal?.aborted) throw error;
    throw new ApiError(STRINGS.unreachable, true, { cause: error });
  }
  if (!response.ok) throw new ApiError(await problemDetail(response), response.status >= 500);
  return (await response.json()) as Answer;
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
