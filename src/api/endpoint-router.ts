import express, { type RequestHandler, Router } from 'express';
import { SightlineError } from '../core/errors.js';
import type { Endpoint } from './endpoint.js';
import { MAX_UPLOAD_BYTES, pictureUpload } from './upload.js';

export const MAX_JSON_BYTES: number = 64 * 1024;

const readJson = express.json({ limit: MAX_JSON_BYTES });
/** Pictures in base64 are a third larger than they are. */
export const MAX_LARGE_JSON_BYTES: number = Math.floor((MAX_UPLOAD_BYTES * 4) / 3);

const readLargeJson = express.json({ limit: MAX_LARGE_JSON_BYTES });

/** A page of another origin may send plain text or a form without asking first (CORS), but not JSON. */
const jsonOnly: RequestHandler = (request, _response, next) => {
  if (request.is('application/json') !== false) return next();
  const message = 'Expected a body of JSON. Send it with the header content-type: application/json.';
  next(new SightlineError('ERR_REQUEST_INVALID', message));
};

function bodyReaders({ form, large, body }: Endpoint): readonly RequestHandler[] {
  if (form === 'picture') return [pictureUpload];
  return body === undefined ? [] : [jsonOnly, large ? readLargeJson : readJson];
}

/** `/api/items/{id}` as express writes it. */
export const expressPath = (path: string): string => path.replaceAll(/\{(\w+)\}/g, ':$1');

/** @param guards what every request passes before its body is read */
export function endpointRouter(
  endpoints: readonly Endpoint[],
  guards: (endpoint: Endpoint) => readonly RequestHandler[],
): Router {
  const router = Router();
  for (const endpoint of endpoints) {
    const handlers = [...guards(endpoint), ...bodyReaders(endpoint)];
    router[endpoint.method](expressPath(endpoint.path), ...handlers, (request, response) =>
      endpoint.respond(request, response),
    );
  }
  return router;
}
