import { allEndpoints, type Endpoint, Metrics } from '#src/api/mod.js';
import type { SearchEngine } from '#src/engine/mod.js';

/** Every endpoint, to be looked at: no request is made, so no engine is needed. */
export function bareEndpoints(): readonly Endpoint[] {
  const engine = {} as SearchEngine;
  const metrics = new Metrics(engine, {});
  return allEndpoints(engine, { version: '0', access: { anonymous: null }, metrics });
}
