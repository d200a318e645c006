import { randomUUID } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import type { RequestHandler, Response } from 'express';

export const REQUEST_ID_HEADER = 'X-Request-Id';
/** What a client or a proxy may call a request; anything else could be a forged line of a log. */
const ACCEPTABLE = /^[\w.:-]{1,128}$/;

/** As its sender called it, or a new name. */
export function nameOf(headers: IncomingHttpHeaders): string {
  const given = headers['x-request-id'];
  return typeof given === 'string' && ACCEPTABLE.test(given) ? given : randomUUID();
}

/** Names every request in the answer and in the log. */
export const namedRequest: RequestHandler = (request, response, next) => {
  response.set(REQUEST_ID_HEADER, nameOf(request.headers));
  next();
};

export const requestId = (response: Response): string => String(response.getHeader(REQUEST_ID_HEADER));
