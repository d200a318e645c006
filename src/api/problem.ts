import type { ErrorRequestHandler, RequestHandler } from 'express';
import { z } from 'zod';
import { asSightlineError, errorKind, SightlineError } from '../core/errors.js';
import type { Log } from '../core/log.js';
import { requestId } from './request-id.js';

/** An error as RFC 9457 describes problems. `detail` is for people, `code` is for programs. */
export interface Problem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly code: string;
  readonly requestId?: string | undefined;
}

export const problemSchema: z.ZodType<Problem> = z
  .strictObject({
    type: z.string(),
    title: z.string(),
    status: z.number().int(),
    detail: z.string().describe('For people: what was expected and what to do next. May change.'),
    code: z.string().describe('For programs: never changes its meaning.'),
    requestId: z.string().optional().describe('Under which the server logged it.'),
  })
  .meta({ id: 'Problem' });

export const PROBLEM_TYPE = 'application/problem+json; charset=utf-8';

const UNEXPECTED = 'The server met something unexpected and has written it to its log. Try again.';

/** Faults of the request as express and its parsers report them. */
function requestFault(error: unknown): SightlineError | undefined {
  if (!(error instanceof Error) || !('status' in error)) return undefined;
  if (error.status === 413) {
    return new SightlineError('ERR_UPLOAD_TOO_LARGE', 'The body of the request is too large. Send less.', {
      cause: error,
    });
  }
  if (typeof error.status === 'number' && error.status >= 400 && error.status < 500) {
    return new SightlineError('ERR_REQUEST_INVALID', `The request cannot be read: ${error.message}.`, {
      cause: error,
    });
  }
  return undefined;
}

export function problemOf(error: unknown): Problem {
  const named = requestFault(error) ?? asSightlineError(error);
  const { status, title } = errorKind(named.code);
  // What is not ours may hold paths or SQL: it goes to the log, never to the client.
  const detail = named.code === 'ERR_INTERNAL' ? UNEXPECTED : named.message;
  return { type: 'about:blank', title, status, detail, code: named.code };
}

export function problemHandler(log: Log): ErrorRequestHandler {
  return (error: unknown, request, response, next) => {
    if (response.headersSent) return next(error);
    const problem = { ...problemOf(error), requestId: requestId(response) };
    if (problem.status >= 500) {
      log.error({ err: error, url: request.originalUrl, requestId: problem.requestId }, 'request failed');
    }
    // What was prepared for the answer that did not come must not describe this one.
    for (const name of ['ETag', 'Content-Disposition', 'Accept-Ranges']) response.removeHeader(name);
    response.set('Cache-Control', 'no-store');
    const body = Buffer.from(JSON.stringify(problem));
    // Its length said beforehand, it goes out in one piece.
    response.status(problem.status).type(PROBLEM_TYPE).set('Content-Length', String(body.length));
    response.end(body);
  };
}

export const unknownRoute: RequestHandler = (request, _response, next) => {
  const message = `There is nothing at ${request.method} ${request.path}. The API begins at /api; the page is at /.`;
  next(new SightlineError('ERR_ROUTE_NOT_FOUND', message));
};
