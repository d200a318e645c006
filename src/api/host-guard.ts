import type { RequestHandler } from 'express';
import { SightlineError } from '../core/errors.js';

const LOOPBACK: ReadonlySet<string> = new Set(['localhost', '127.0.0.1', '[::1]']);

export const isLoopback = (host: string): boolean => LOOPBACK.has(host) || host === '::1';

/**
 * A server on the loopback address answers only to its own names. Otherwise any web page could point a name of its own at
 * 127.0.0.1 and read the library through the visitor's browser (DNS rebinding).
 */
export const loopbackHostsOnly: RequestHandler = (request, _response, next) => {
  const host = (request.headers.host ?? '').replace(/:\d+$/, '');
  if (LOOPBACK.has(host)) return next();
  const message = `This server answers to localhost only, not to "${host}". To be reached from elsewhere start it with --host.`;
  next(new SightlineError('ERR_HOST_REFUSED', message));
};
