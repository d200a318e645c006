/**
 * Two ways in which a foreign web page could use a visitor's browser against this server, and what stops them.
 *
 * DNS rebinding: the page points a name of its own at this machine. The browser then sends that name as `Host`, so only names
 * that are this server's are answered. An address of digits is always its own: nobody else can make the browser send it.
 *
 * CSRF: the page sends a request here under its own name. Browsers say so in `Origin` and `Sec-Fetch-Site`.
 */
import { isIP } from 'node:net';
import { hostname } from 'node:os';
import type { Request, RequestHandler } from 'express';
import { SightlineError } from '../core/errors.js';

const LOOPBACK: ReadonlySet<string> = new Set(['localhost', '127.0.0.1', '[::1]']);

export const isLoopback = (host: string): boolean => LOOPBACK.has(host) || host === '::1';

export interface HostOptions {
  /** Answer only to the names of this machine itself. */
  readonly loopbackOnly: boolean;
  /** Names beside them, as a proxy or a router gives this machine. */
  readonly names?: readonly string[] | undefined;
}

const isAddress = (host: string): boolean => isIP(host.replace(/^\[(.*)\]$/, '$1')) !== 0;

/** @throws ERR_HOST_REFUSED */
export function ownHostsOnly({ loopbackOnly, names = [] }: HostOptions): RequestHandler {
  const own = hostname().toLowerCase();
  const known = new Set([...LOOPBACK, ...names.map((name) => name.toLowerCase())]);
  if (!loopbackOnly) for (const name of [own, `${own}.local`]) known.add(name);
  return (request, _response, next) => {
    const host = (request.headers.host ?? '').replace(/:\d+$/, '').toLowerCase();
    if (known.has(host) || (!loopbackOnly && isAddress(host))) return next();
    const message = `This server does not answer to the name "${host}". If it is yours, start it with --allow-host ${host || 'NAME'}.`;
    next(new SightlineError('ERR_HOST_REFUSED', message));
  };
}

/** Whether another site's page asks. Programs that are no browsers send neither header. */
function isForeign({ method, headers }: Request): boolean {
  const { origin, host } = headers;
  if (origin !== undefined) return !URL.canParse(origin) || new URL(origin).host !== host?.toLowerCase();
  const site = headers['sec-fetch-site'];
  if (site === undefined || site === 'same-origin' || site === 'none') return false;
  // Following a link is no attack: the other page does not get to see the answer.
  const follows = method === 'GET' && headers['sec-fetch-mode'] === 'navigate';
  return !follows;
}

/** @throws ERR_ORIGIN_REFUSED */
export const ownOriginOnly: RequestHandler = (request, _response, next) => {
  if (!isForeign(request)) return next();
  const message =
    'Pages of other sites may not use this server. Ask it from its own page, or from a program.';
  next(new SightlineError('ERR_ORIGIN_REFUSED', message));
};
