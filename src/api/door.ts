/**
 * Turns away at the door what would be refused a few steps further in. Ten times as much as a server can do is mostly
 * refusals, and each costs the thread that the searches need: this one is written beforehand, but for the name of the request.
 */
import type { RequestHandler } from 'express';
import { type Admission, overloaded } from './admission.js';
import type { Endpoint } from './endpoint.js';
import { PROBLEM_TYPE, problemOf } from './problem.js';
import { requestId } from './request-id.js';

/** Stands before everything that takes time; the addresses with a number in them are refused where their route is. */
export function doorkeeper(queue: Admission, endpoints: readonly Endpoint[]): RequestHandler {
  const heavy = new Set(
    endpoints
      .filter(({ heavy: takesTime, path }) => takesTime && !path.includes('{'))
      .map(({ method, path }) => `${method.toUpperCase()} ${path}`),
  );
  const problem = JSON.stringify(problemOf(overloaded())).slice(0, -1);
  return (request, response, next) => {
    if (!queue.isFull || !heavy.has(`${request.method} ${request.url}`)) return next();
    // Names of requests are plain letters: see request-id.ts.
    const body = `${problem},"requestId":"${requestId(response)}"}`;
    response.writeHead(503, {
      'Content-Type': PROBLEM_TYPE,
      'Content-Length': Buffer.byteLength(body),
      'Cache-Control': 'no-store',
      'Retry-After': String(queue.refuse()),
    });
    response.end(body);
  };
}
