import { randomUUID } from 'node:crypto';
import type { RequestHandler, Response } from 'express';

const HEADER = 'X-Request-Id';
/** What a client or a proxy may call a request; anything else could be a forged line of a log. */
const ACCEPTABLE = /^[\w.:-]{1,128}$/;

/** Names every request, as its sender did or anew, in the answer and in the log. */
export const namedRequest: RequestHandler = (request, response, next) => {
  const given = request.get(HEADER);
  response.set(HEADER, given !== undefined && ACCEPTABLE.test(given) ? given : randomUUID());
  next();
};

export const requestId = (response: Response): string => String(response.getHeader(HEADER));
