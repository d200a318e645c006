/** How requests of the client go out and answers come in: fetch and nothing else. */
import { OPERATIONS, type OperationName } from './operations.js';

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

export interface Sent extends CallOptions {
  readonly id?: number;
  readonly query?: Readonly<Record<string, unknown>>;
  readonly json?: object;
  readonly form?: FormData;
  /** Sent again with the same key, it is not done again. */
  readonly idempotencyKey?: string | undefined;
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

export class Transport {
  readonly #url: string;
  readonly #key: string | undefined;
  readonly #fetch: typeof fetch;

  constructor({ url = '', key, fetch: ask = globalThis.fetch }: ClientOptions) {
    this.#url = url.replace(/\/$/, '');
    this.#key = key;
    // The browser's own insists on being called on the window.
    this.#fetch = ask.bind(globalThis);
  }

  /** @throws SightlineApiError */
  async json<Answer>(name: OperationName, sent: Sent): Promise<Answer> {
    return (await (await this.#send(name, sent)).json()) as Answer;
  }

  /** @throws SightlineApiError */
  async blob(name: OperationName, sent: Sent): Promise<Blob> {
    return (await this.#send(name, sent)).blob();
  }

  /** The values of server-sent events, until the server or the signal ends them. @throws SightlineApiError */
  async *events<Event>(name: OperationName, sent: Sent): AsyncGenerator<Event> {
    const response = await this.#send(name, sent);
    let text = '';
    const decoder = new TextDecoder();
    for await (const chunk of response.body as unknown as AsyncIterable<Uint8Array>) {
      text += decoder.decode(chunk, { stream: true });
      const events = text.split('\n\n');
      // The last one may not be whole yet.
      text = events.pop() ?? '';
      for (const event of events) {
        if (event.startsWith('data: ')) yield JSON.parse(event.slice('data: '.length)) as Event;
      }
    }
  }

  async #send(name: OperationName, sent: Sent): Promise<Response> {
    const { id, query = {}, json, form, idempotencyKey, signal } = sent;
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
        ...(idempotencyKey !== undefined && { 'idempotency-key': idempotencyKey }),
      },
      ...(json !== undefined && { body: JSON.stringify(json) }),
      ...(form !== undefined && { body: form }),
      ...(signal !== undefined && { signal }),
    });
    if (!response.ok) throw await refusal(response);
    return response;
  }
}
