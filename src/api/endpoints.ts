import type { SearchEngine } from '../engine/mod.js';
import type { AccessOptions } from './access.js';
import { auditEndpoints } from './audit-endpoints.js';
import { duplicateEndpoints } from './duplicate-endpoints.js';
import { embeddingEndpoints } from './embedding-endpoints.js';
import type { Endpoint } from './endpoint.js';
import { filterEndpoints } from './filter-endpoints.js';
import { folderEndpoints } from './folder-endpoints.js';
import { ingestEndpoints } from './ingest-endpoints.js';
import { explainEndpoints } from './explain-endpoints.js';
import { itemEndpoints } from './item-endpoints.js';
import { libraryEndpoints } from './library-endpoints.js';
import { manualEndpoints } from './manual.js';
import type { Metrics } from './metrics.js';
import { type OpenApiDocument, openApiDocument } from './openapi.js';
import { modelEndpoints } from './model-endpoints.js';
import { rankEndpoints } from './rank-endpoints.js';
import { searchEndpoints } from './search-endpoints.js';
import { sessionEndpoints } from './session-endpoints.js';
import { statusEndpoints } from './status-endpoints.js';

export interface EndpointOptions {
  readonly version: string;
  readonly access: AccessOptions;
  readonly metrics: Metrics;
}

/** Every endpoint there is: the routes, the OpenAPI document and docs/reference.md are made from or compared with it. */
export function allEndpoints(
  engine: SearchEngine,
  { version, access, metrics }: EndpointOptions,
): readonly Endpoint[] {
  let document: OpenApiDocument | undefined;
  const endpoints: readonly Endpoint[] = [
    ...searchEndpoints(engine, metrics),
    ...filterEndpoints(engine),
    ...itemEndpoints(engine),
    ...explainEndpoints(engine),
    ...rankEndpoints(engine),
    ...statusEndpoints(engine, version, metrics),
    ...ingestEndpoints(engine),
    ...folderEndpoints(engine),
    ...libraryEndpoints(engine),
    ...auditEndpoints(engine),
    ...modelEndpoints(engine),
    ...duplicateEndpoints(engine),
    ...embeddingEndpoints(engine),
    ...sessionEndpoints(access),
    ...manualEndpoints(() => (document ??= openApiDocument(endpoints))),
  ];
  return endpoints;
}
