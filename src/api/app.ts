import compression from 'compression';
import express, { type RequestHandler } from 'express';
import helmet from 'helmet';
import { type Log, silentLog } from '../core/log.js';
import type { KeyRing, Scope, SearchEngine } from '../engine/mod.js';
import { type AccessOptions, allowed, identified } from './access.js';
import { Admission, type AdmissionLimits } from './admission.js';
import type { Endpoint } from './endpoint.js';
import { endpointRouter } from './endpoint-router.js';
import { doorOf } from './door.js';
import { allEndpoints } from './endpoints.js';
import { ownHostsOnly, ownOriginOnly } from './host-guard.js';
import { Metrics } from './metrics.js';
import { problemHandler, unknownRoute } from './problem.js';
import { rateLimited } from './rate-limit.js';
import { namedRequest } from './request-id.js';
import { type Application, MAX_CONNECTIONS } from './server.js';

export interface AppOptions {
  readonly version: string;
  /** The folder of the built page. */
  readonly webFolder: string;
  /** Answer only to the names of this machine itself. Default true. */
  readonly loopbackOnly?: boolean;
  /** Names that the server answers to beside its own. */
  readonly hostNames?: readonly string[];
  /** Keys that are taken. Default: none. */
  readonly keys?: KeyRing;
  /** What those may who show no key; null: nothing. Default: everything, as on one's own machine. */
  readonly anonymous?: Scope | null;
  /** Requests a minute for each key or address; 0: any number. Default 0. */
  readonly rateLimit?: number;
  /** Of requests that encode or decode. Default: `SEARCH_LIMITS`. */
  readonly admission?: AdmissionLimits;
  readonly log?: Log;
}

/** Two full batches of texts are under way and two wait: more would only wait longer. */
export const SEARCH_LIMITS: AdmissionLimits = { running: 64, waiting: 64 };
/** An upload takes up to 32 MB and its picture more: these bound the memory that strangers can make the server take. */
export const UPLOAD_LIMITS: AdmissionLimits = { running: 4, waiting: 16 };

/** Everything the page loads is its own; pictures may also be ones that the user has just dropped. */
const CONTENT_SECURITY_POLICY = {
  useDefaults: false,
  directives: {
    defaultSrc: ["'none'"],
    scriptSrc: ["'self'"],
    styleSrc: ["'self'"],
    imgSrc: ["'self'", 'blob:', 'data:'],
    connectSrc: ["'self'"],
    manifestSrc: ["'self'"],
    workerSrc: ["'self'"],
    baseUri: ["'none'"],
    formAction: ["'none'"],
    frameAncestors: ["'none'"],
  },
};

/** The HTTP application over an engine. It does not listen: see `listen` in server.ts. */
export function createApp(engine: SearchEngine, options: AppOptions): Application {
  const { version, webFolder, loopbackOnly = true, hostNames, keys, log = silentLog } = options;
  const { anonymous = 'admin', rateLimit = 0, admission = SEARCH_LIMITS } = options;
  const access: AccessOptions = { keys, anonymous };
  const app = express();
  app.disable('x-powered-by');
  // Every stream of events listens for the end.
  app.setMaxListeners(MAX_CONNECTIONS);
  app.use(namedRequest);
  // Plain HTTP on one's own machine: telling browsers to insist on HTTPS would lock people out.
  app.use(helmet({ contentSecurityPolicy: CONTENT_SECURITY_POLICY, strictTransportSecurity: false }));
  app.use(ownHostsOnly({ loopbackOnly, names: hostNames }));
  const searches = new Admission(admission);
  const uploads = new Admission(UPLOAD_LIMITS);
  const metrics = new Metrics(engine, { search: searches, upload: uploads });
  const endpoints = allEndpoints(engine, { version, access, metrics });
  app.use(compression());
  app.use(metrics.timed);
  const identity = identified(access);
  const rate = rateLimit > 0 ? [rateLimited(rateLimit)] : [];
  // Everything that refuses comes before the body is read.
  const guards = ({ method, scope, heavy, form, large, answer }: Endpoint): readonly RequestHandler[] => [
    ownOriginOnly,
    identity,
    ...(answer.type === 'media' || (scope === 'public' && method === 'get') ? [] : rate),
    allowed(scope),
    ...(form === undefined && !large ? [] : [uploads.handler]),
    ...(heavy ? [searches.handler] : []),
  ];
  app.use(endpointRouter(endpoints, guards));
  app.use(express.static(webFolder, { index: 'index.html', maxAge: 0 }));
  app.use(unknownRoute);
  app.use(problemHandler(log));
  const isRefused = doorOf(searches, endpoints);
  return {
    answer: (request, response) => {
      if (!isRefused(request, response)) app(request, response);
    },
    endStreams: () => void app.emit('closing'),
  };
}
