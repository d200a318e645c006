/** The door of the HTTP API. */
export { type AppOptions, createApp } from './app.js';
export type { Endpoint } from './endpoint.js';
export { allEndpoints } from './endpoints.js';
export { isLoopback } from './host-guard.js';
export { type OpenApiDocument, openApiDocument } from './openapi.js';
export { Metrics } from './metrics.js';
export { listen, type RunningServer } from './server.js';
