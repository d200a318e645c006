import compression from 'compression';
import express, { type Express } from 'express';
import helmet from 'helmet';
import { type Log, silentLog } from '../core/log.js';
import type { SearchEngine } from '../engine/mod.js';
import { endpointRouter } from './endpoint-router.js';
import { allEndpoints } from './endpoints.js';
import { loopbackHostsOnly } from './host-guard.js';
import { problemHandler, unknownRoute } from './problem.js';
import { namedRequest } from './request-id.js';

export interface AppOptions {
  readonly version: string;
  /** The folder of the built page. */
  readonly webFolder: string;
  /** Answer only to the names of this machine itself. Default true. */
  readonly loopbackOnly?: boolean;
  readonly log?: Log;
}

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
export function createApp(engine: SearchEngine, options: AppOptions): Express {
  const { version, webFolder, loopbackOnly = true, log = silentLog } = options;
  const app = express();
  app.disable('x-powered-by');
  app.use(namedRequest);
  // Plain HTTP on one's own machine: telling browsers to insist on HTTPS would lock people out.
  app.use(helmet({ contentSecurityPolicy: CONTENT_SECURITY_POLICY, strictTransportSecurity: false }));
  if (loopbackOnly) app.use(loopbackHostsOnly);
  app.use(compression());
  app.use(endpointRouter(allEndpoints(engine, version), () => []));
  app.use(express.static(webFolder, { index: 'index.html', maxAge: 0 }));
  app.use(unknownRoute);
  app.use(problemHandler(log));
  return app;
}
