import type { SearchEngine } from '../engine/mod.js';
import type { Endpoint } from './endpoint.js';
import { itemEndpoints } from './item-endpoints.js';
import { manualEndpoints } from './manual.js';
import { type OpenApiDocument, openApiDocument } from './openapi.js';
import { searchEndpoints } from './search-endpoints.js';
import { statusEndpoints } from './status-endpoints.js';

/** Every endpoint there is: the routes, the OpenAPI document and docs/reference.md are made from or compared with it. */
export function allEndpoints(engine: SearchEngine, version: string): readonly Endpoint[] {
  let document: OpenApiDocument | undefined;
  const endpoints: readonly Endpoint[] = [
    ...searchEndpoints(engine),
    ...itemEndpoints(engine),
    ...statusEndpoints(engine, version),
    ...manualEndpoints(() => (document ??= openApiDocument(endpoints))),
  ];
  return endpoints;
}
