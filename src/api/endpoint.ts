/**
 * An endpoint: where it is, what it takes, what it gives and how it can refuse, said once. The express route, the OpenAPI
 * document, the limits and the checks of rights are all made from it, so none of them can be forgotten for a new one.
 */
import type { Request, Response } from 'express';
import { z } from 'zod';
import type { ErrorCode } from '../core/errors.js';
import type { Scope } from '../engine/mod.js';
import { type Media, sendMedia } from './media.js';
import { uploadedPictures } from './upload.js';
import { Repetitions } from './repetitions.js';
import { validated } from './validation.js';
import { WrittenJson } from './written-json.js';

export type Group = 'search' | 'items' | 'library' | 'models' | 'embeddings' | 'service';

/** What a request brought, checked. */
export interface Asked<Path, Query, Body> {
  readonly path: Path;
  readonly query: Query;
  readonly body: Body;
  /** The uploaded pictures, where the endpoint takes a form: at least one. */
  readonly pictures: readonly Uint8Array[];
  /** Fires when the client is gone. */
  readonly signal: AbortSignal;
  readonly request: Request;
  readonly response: Response;
}

interface Declared<Path, Query, Body> {
  readonly method: 'get' | 'post' | 'put' | 'delete';
  /** As OpenAPI writes it: `/api/items/{id}`. */
  readonly path: string;
  /** What clients call it: `searchByPicture`. */
  readonly name: string;
  readonly group: Group;
  readonly summary: string;
  readonly description?: string;
  /** The right that a key needs; `public` needs none. Default: read. */
  readonly scope?: Scope | 'public';
  /** Counts against the requests that may be worked on at a time: it encodes, decodes or reads much. Default false. */
  readonly heavy?: boolean;
  readonly pathFields?: z.ZodType<Path>;
  readonly queryFields?: z.ZodType<Query>;
  readonly body?: z.ZodType<Body>;
  /** The body is a multipart form with pictures in the field `image`, its other fields those of `body`. */
  readonly form?: 'picture';
  /** The body of JSON may be as large as an upload. Default false. */
  readonly large?: boolean;
  /** An `Idempotency-Key` makes a repetition get the first answer instead of being done again. Default false. */
  readonly once?: boolean;
  /** Refusals of its own; those of the request, of rights and of load come by themselves. */
  readonly errors?: readonly ErrorCode[];
}

export type AnswerShape =
  | { readonly type: 'json'; readonly schema: z.ZodType; readonly status: number }
  | { readonly type: 'media'; readonly contentTypes: readonly string[] }
  | { readonly type: 'events'; readonly schema: z.ZodType }
  | { readonly type: 'text'; readonly contentType: string };

/** An endpoint as those see it who make routes and documents of it. */
export interface Endpoint
  extends Omit<
    Declared<unknown, unknown, unknown>,
    'scope' | 'heavy' | 'large' | 'once' | 'errors' | 'description'
  > {
  readonly description: string;
  readonly scope: Scope | 'public';
  readonly heavy: boolean;
  readonly large: boolean;
  readonly once: boolean;
  readonly errors: readonly ErrorCode[];
  readonly answer: AnswerShape;
  respond(request: Request, response: Response): Promise<void>;
}

type Handler<Path, Query, Body, Answer> = (asked: Asked<Path, Query, Body>) => Answer | Promise<Answer>;

const NOTHING: z.ZodType = z.strictObject({});

/** Fires when the connection closes before the answer is written. */
function goneSignal(response: Response): AbortSignal {
  const gone = new AbortController();
  response.once('close', () => {
    if (!response.writableFinished) gone.abort();
  });
  return gone.signal;
}

function asked<Path, Query, Body>(
  declared: Declared<Path, Query, Body>,
  request: Request,
  response: Response,
): Asked<Path, Query, Body> {
  // A form's fields come without a prototype.
  const body = { ...(request.body as object | undefined) };
  return {
    path: validated(declared.pathFields ?? NOTHING, request.params) as Path,
    query: validated(declared.queryFields ?? NOTHING, { ...request.query }) as Query,
    body: validated(declared.body ?? NOTHING, Array.isArray(request.body) ? request.body : body) as Body,
    pictures: uploadedPictures(request),
    signal: goneSignal(response),
    request,
    response,
  };
}

function endpoint<Path, Query, Body>(
  declared: Declared<Path, Query, Body>,
  answer: AnswerShape,
  respond: (asked: Asked<Path, Query, Body>) => Promise<void>,
): Endpoint {
  const { scope = 'read', heavy = false, large = false, once = false, ...others } = declared;
  const { errors = [], description = '', ...rest } = others;
  return {
    ...rest,
    description,
    scope,
    heavy,
    large,
    once,
    errors,
    answer,
    respond: (request, response) => respond(asked(declared, request, response)),
  };
}

/** Nobody asks the same again to hear that nothing has changed (`ETag`): what is written by hand answers questions of its own. */
function sendWritten(response: Response, { bytes }: WrittenJson): void {
  response.set({ 'Content-Type': 'application/json; charset=utf-8', 'Content-Length': String(bytes.length) });
  response.end(bytes);
}

/** Answers with JSON of a schema. */
export function jsonEndpoint<Answer, Path = object, Query = object, Body = object>(
  declared: Declared<Path, Query, Body> & {
    readonly answer: z.ZodType<Answer>;
    /** Of the answer. Default 200. */
    readonly status?: number;
    readonly handle: Handler<Path, Query, Body, Answer | WrittenJson>;
  },
): Endpoint {
  const { answer: schema, status = 200, handle, ...rest } = declared;
  const repetitions = rest.once ? new Repetitions() : undefined;
  return endpoint(rest, { type: 'json', schema, status }, async (request) => {
    const act = async (): Promise<Answer | WrittenJson> => handle(request);
    const answer = await (repetitions?.once(request.request, request.body, act) ?? act());
    if (request.signal.aborted) return;
    const { response } = request;
    response.status(status);
    if (answer instanceof WrittenJson) sendWritten(response, answer);
    else response.json(answer);
  });
}

/** Answers with a picture. */
export function mediaEndpoint<Path = object, Query = object, Body = object>(
  declared: Declared<Path, Query, Body> & {
    readonly contentTypes: readonly string[];
    readonly handle: Handler<Path, Query, Body, Media>;
  },
): Endpoint {
  const { contentTypes, handle, ...rest } = declared;
  return endpoint(rest, { type: 'media', contentTypes }, async (request) => {
    sendMedia(request.request, request.response, await handle(request));
  });
}

/** Answers with text that a program of another kind reads. */
export function textEndpoint<Path = object, Query = object, Body = object>(
  declared: Declared<Path, Query, Body> & {
    readonly contentType: string;
    readonly handle: Handler<Path, Query, Body, string>;
  },
): Endpoint {
  const { contentType, handle, ...rest } = declared;
  return endpoint(rest, { type: 'text', contentType }, async (request) => {
    request.response.set('Content-Type', contentType).send(await handle(request));
  });
}

/**
 * Answers with server-sent events, each a line of JSON of the schema, until the client or the handler has enough.
 * The handler's values are sent one by one.
 */
export function eventsEndpoint<Event, Path = object, Query = object, Body = object>(
  declared: Declared<Path, Query, Body> & {
    readonly event: z.ZodType<Event>;
    readonly handle: Handler<Path, Query, Body, AsyncIterable<Event>>;
  },
): Endpoint {
  const { event: schema, handle, ...rest } = declared;
  return endpoint(rest, { type: 'events', schema }, async (request) => {
    const { response, signal } = request;
    const events = await handle(request);
    response.writeHead(200, {
      'Content-Type': 'text/event-stream',
      // Compression would hold events back until there is enough to compress.
      'Cache-Control': 'no-cache, no-transform',
    });
    response.flushHeaders();
    // Who listens to events would hold up a server that closes.
    const end = (): void => void response.end();
    request.request.app.once('closing', end);
    // Proxies and slow-client guards end connections on which nothing happens.
    const pulse = setInterval(() => response.write(': still here\n\n'), PULSE);
    try {
      for await (const event of events) {
        if (signal.aborted) break;
        response.write(`data: ${JSON.stringify(event)}\n\n`);
      }
    } finally {
      clearInterval(pulse);
      request.request.app.off('closing', end);
      response.end();
    }
  });
}

/** Milliseconds between signs of life on a stream of events. */
const PULSE = 15_000;
