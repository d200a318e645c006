/** The door of the HTTP API. */
export { type AppOptions, createApp } from './app.js';
export { isLoopback } from './host-guard.js';
export { listen, type RunningServer } from './server.js';
