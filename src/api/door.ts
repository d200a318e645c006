/**
 * Turns away at the door what would be refused a few steps further in. Ten times as much as a server can do is mostly
 * refusals, and each costs the thread that the searches need: so they come before express and all that it is made of, and are
 * written beforehand, but for the name of the request.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { type Admission, overloaded } from './admission.js';
import type { Endpoint } from './endpoint.js';
import { PROBLEM_TYPE, problemOf } from './problem.js';
import { nameOf, REQUEST_ID_HEADER } from './request-id.js';

/** Whether it has answered the request, with a refusal. */
export type Door = (request: IncomingMessage, response: ServerResponse) => boolean;

/** The addresses with a number in them are refused where their route is. */
export function doorOf(queue: Admission, endpoints: readonly Endpoint[]): Door {
  const heavy = new Set(
    endpoints
      .filter(({ heavy: takesTime, path }) => takesTime && !path.includes('{'))
      .map(({ method, path }) => `${method.toUpperCase()} ${path}`),
  );
  const problem = JSON.stringify(problemOf(overloaded())).slice(0, -1);
  return (request, response) => {
    if (!queue.isFull || !heavy.has(`${request.method} ${request.url}`)) return false;
    const name = nameOf(request.headers);
    // Names of requests are plain letters: see request-id.ts.
    const body = `${problem},"requestId":"${name}"}`;
    response.writeHead(503, {
      [REQUEST_ID_HEADER]: name,
      'Content-Type': PROBLEM_TYPE,
      'Content-Length': Buffer.byteLength(body),
      // A refusal shows nothing and is shown in nothing.
      'Content-Security-Policy': "default-src 'none';frame-ancestors 'none'",
      'X-Content-Type-Options': 'nosniff',
      'Cache-Control': 'no-store',
      'Retry-After': String(queue.refuse()),
    });
    response.end(body);
    return true;
  };
}
