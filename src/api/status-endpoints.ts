import type { SearchEngine } from '../engine/mod.js';
import { type Endpoint, jsonEndpoint, textEndpoint } from './endpoint.js';
import { freshnessAnswer, healthSchema, statusSchema } from './status-schemas.js';
import type { Metrics } from './metrics.js';

export function statusEndpoints(
  engine: SearchEngine,
  version: string,
  metrics: Metrics,
): readonly Endpoint[] {
  return [
    jsonEndpoint({
      method: 'get',
      path: '/api/status',
      name: 'status',
      group: 'library',
      summary: 'version, model, counts, and where the ingest stands',
      answer: statusSchema,
      handle: () => {
        const { model, library, ingest, watched, freshness } = engine.status();
        const { name, dimensions, imageSize, precision } = model;
        return {
          version,
          model: { name, dimensions, imageSize, precision },
          items: library.items,
          failed: library.failed,
          ingest,
          watched: watched.map(({ path, mode, reason, problem }) => ({ path, mode, reason, problem })),
          freshness: freshnessAnswer(freshness),
        };
      },
    }),
    textEndpoint({
      method: 'get',
      path: '/metrics',
      name: 'metrics',
      group: 'service',
      summary: 'what Prometheus reads',
      contentType: metrics.contentType,
      handle: () => metrics.text(),
    }),
    jsonEndpoint({
      method: 'get',
      path: '/healthz',
      name: 'health',
      group: 'service',
      summary: '200 while the process answers',
      scope: 'public',
      answer: healthSchema,
      handle: () => ({ status: 'ok' }),
    }),
    jsonEndpoint({
      method: 'get',
      path: '/readyz',
      name: 'ready',
      group: 'service',
      summary: '200 when a query would be answered, model and library included',
      scope: 'public',
      answer: healthSchema,
      errors: ['ERR_ENCODER_FAILED'],
      handle: async () => {
        await engine.warmUp();
        return { status: 'ready' };
      },
    }),
  ];
}
