/**
 * A client of the HTTP API, for browsers and Node: fetch and nothing else. Its operations are compared with the OpenAPI
 * document by a test, so that none is missing and none leads elsewhere.
 */
import type { ItemAnswer, WholeItem } from '../api/item-schemas.js';
import type { SearchAnswer } from '../api/search-schemas.js';
import type { ProgressAnswer, StatusAnswer } from '../api/status-schemas.js';

export type { ItemAnswer, ProgressAnswer, SearchAnswer, StatusAnswer, WholeItem };

/** Where each operation of the API is. Names are those of the OpenAPI document. */
export const OPERATIONS = {
  search: ['POST', '/api/search'],
  searchByPicture: ['POST', '/api/search/image'],
  items: ['GET', '/api/items'],
  itemAt: ['GET', '/api/items/at'],
  item: ['GET', '/api/items/{id}'],
  similar: ['GET', '/api/items/{id}/similar'],
  thumbnail: ['GET', '/api/items/{id}/thumbnail'],
  original: ['GET', '/api/items/{id}/original'],
  explain: ['GET', '/api/items/{id}/explain'],
  explainPicture: ['GET', '/api/items/{id}/explain.png'],
  status: ['GET', '/api/status'],
  events: ['GET', '/api/events'],
  embeddings: ['POST', '/v1/embeddings'],
} as const;

export type OperationName = keyof typeof OPERATIONS;

/** One thing that a query is made of. */
export type QueryPart = { readonly weight?: number } & (
  | { readonly text: string }
  | { readonly imageId: number }
);

export interface SearchFields {
  readonly text?: string;
  /** An item of the library, for more like it. */
  readonly imageId?: number;
  readonly all?: readonly QueryPart[];
  readonly not?: readonly QueryPart[];
  readonly kind?: 'photo' | 'caption';
  readonly limit?: number;
  readonly offset?: number;
  readonly cursor?: string;
  readonly mode?: 'semantic' | 'keyword' | 'hybrid';
  readonly cutoff?: boolean;
  readonly sort?: 'score' | 'newest' | 'oldest';
  readonly rerank?: boolean | { readonly depth?: number; readonly budgetMs?: number };
}

export interface ItemPage {
  readonly items: readonly ItemAnswer[];
  readonly next: number | null;
}

export interface ClientOptions {
  /** Where the server is. Default: where the page came from. */
  readonly url?: string;
  /** Of `sightline keys add`; needed where the server is not on this machine. */
  readonly key?: string;
  readonly fetch?: typeof fetch;
}

export interface CallOptions {
  readonly signal?: AbortSignal;
}

/** A refusal of the server. `code` never changes its meaning; `message` is for people. */
export class SightlineApiError extends Error {
  override readonly name = 'SightlineApiError';
  readonly status: number;
  readonly code: string;
  /** Seconds after which to try again, where the server said so. */
  readonly retryAfter: number | null;

  constructor(status: number, code: string, message: string, retryAfter: number | null) {
    super(message);
    this.status = status;
    this.code = code;
    this.retryAfter = retryAfter;
  }
}

interface Sent extends CallOptions {
  readonly id?: number;
  readonly query?: Readonly<Record<string, unknown>>;
  readonly json?: object;
  readonly form?: FormData;
}

async function refusal(response: Response): Promise<SightlineApiError> {
  const problem = (await response.json().catch(() => ({}))) as { code?: string; detail?: string };
  const retryAfter = response.headers.get('retry-after');
  return new SightlineApiError(
    response.status,
    problem.code ?? 'ERR_UNKNOWN',
    problem.detail ?? `The server answered ${response.status}.`,
    retryAfter === null ? null : Number(retryAfter),
  );
}

export class SightlineClient {
  readonly #url: string;
  readonly #key: string | undefined;
  readonly #fetch: typeof fetch;

  constructor({ url = '', key, fetch: ask = globalThis.fetch }: ClientOptions = {}) {
    this.#url = url.replace(/\/$/, '');
    this.#key = key;
    // The browser's own insists on being called on the window.
    this.#fetch = ask.bind(globalThis);
  }

  search(query: string | SearchFields, options: CallOptions = {}): Promise<SearchAnswer> {
    const json = typeof query === 'string' ? { text: query } : query;
    return this.#json('search', { ...options, json });
  }

  /** @param picture its bytes, as a file or a fetch gives them */
  searchByPicture(
    picture: Blob,
    fields: Omit<SearchFields, 'imageId'> = {},
    options: CallOptions = {},
  ): Promise<SearchAnswer> {
    const form = new FormData();
    for (const [name, value] of Object.entries(fields)) {
      form.set(name, typeof value === 'object' ? JSON.stringify(value) : String(value));
    }
    form.set('image', picture);
    return this.#json('searchByPicture', { ...options, form });
  }

  /** Captions of the library that fit a picture. */
  captionsFor(picture: Blob, limit = 20, options: CallOptions = {}): Promise<SearchAnswer> {
    return this.searchByPicture(picture, { kind: 'caption', limit }, options);
  }

  /** One page; `allItems` goes through all of them. */
  items(
    query: { readonly kind?: 'photo' | 'caption'; readonly limit?: number; readonly cursor?: number } = {},
    options: CallOptions = {},
  ): Promise<ItemPage> {
    return this.#json('items', { ...options, query });
  }

  async *allItems(
    kind: 'photo' | 'caption' = 'photo',
    options: CallOptions = {},
  ): AsyncGenerator<ItemAnswer> {
    let cursor: number | undefined;
    do {
      const page: ItemPage = await this.items({ kind, limit: 500, ...(cursor && { cursor }) }, options);
      yield* page.items;
      cursor = page.next ?? undefined;
    } while (cursor !== undefined);
  }

  itemAt(path: string, options: CallOptions = {}): Promise<ItemAnswer> {
    return this.#json('itemAt', { ...options, query: { path } });
  }

  item(id: number, options: CallOptions = {}): Promise<WholeItem> {
    return this.#json('item', { ...options, id });
  }

  similar(id: number, limit = 20, options: CallOptions = {}): Promise<SearchAnswer> {
    return this.#json('similar', { ...options, id, query: { limit } });
  }

  thumbnail(id: number, options: CallOptions = {}): Promise<Blob> {
    return this.#blob('thumbnail', { ...options, id });
  }

  original(id: number, options: CallOptions = {}): Promise<Blob> {
    return this.#blob('original', { ...options, id });
  }

  explain(
    id: number,
    text: string,
    options: CallOptions = {},
  ): Promise<{ readonly score: number; readonly words: readonly { readonly word: string }[] }> {
    return this.#json('explain', { ...options, id, query: { text } });
  }

  /** What in a photo matters to a text, as a picture. */
  explainPicture(id: number, text: string, options: CallOptions = {}): Promise<Blob> {
    return this.#blob('explainPicture', { ...options, id, query: { text } });
  }

  status(options: CallOptions = {}): Promise<StatusAnswer> {
    return this.#json('status', options);
  }

  /** Where the ingest stands, now and whenever that changes, until the signal fires. */
  async *events(options: CallOptions = {}): AsyncGenerator<ProgressAnswer> {
    const response = await this.#send('events', options);
    let text = '';
    const decoder = new TextDecoder();
    for await (const chunk of response.body as unknown as AsyncIterable<Uint8Array>) {
      text += decoder.decode(chunk, { stream: true });
      const events = text.split('\n\n');
      // The last one may not be whole yet.
      text = events.pop() ?? '';
      for (const event of events) {
        if (event.startsWith('data: ')) yield JSON.parse(event.slice('data: '.length)) as ProgressAnswer;
      }
    }
  }

  /** Unit vectors of texts. */
  async embed(texts: readonly string[], options: CallOptions = {}): Promise<number[][]> {
    const { data } = await this.#json<{ data: readonly { readonly embedding: number[] }[] }>('embeddings', {
      ...options,
      json: { input: texts },
    });
    return data.map(({ embedding }) => embedding);
  }

  async #json<Answer>(name: OperationName, sent: Sent): Promise<Answer> {
    return (await (await this.#send(name, sent)).json()) as Answer;
  }

  async #blob(name: OperationName, sent: Sent): Promise<Blob> {
    return (await this.#send(name, sent)).blob();
  }

  async #send(name: OperationName, { id, query = {}, json, form, signal }: Sent): Promise<Response> {
    const [method, path] = OPERATIONS[name];
    const search = new URLSearchParams();
    for (const [key, value] of Object.entries(query)) search.set(key, String(value));
    const address =
      this.#url + path.replace('{id}', String(id)) + (search.size > 0 ? `?${search.toString()}` : '');
    const response = await this.#fetch(address, {
      method,
      headers: {
        ...(this.#key !== undefined && { 'x-api-key': this.#key }),
        ...(json !== undefined && { 'content-type': 'application/json' }),
      },
      ...(json !== undefined && { body: JSON.stringify(json) }),
      ...(form !== undefined && { body: form }),
      ...(signal !== undefined && { signal }),
    });
    if (!response.ok) throw await refusal(response);
    return response;
  }
}
