import { z } from 'zod';
import { ITEM_KINDS } from '../core/item.js';
import type { LibraryStatistics, SearchEngine } from '../engine/mod.js';
import { type Endpoint, jsonEndpoint } from './endpoint.js';

const count = z.number().int().min(0);

const indexSchema = z.strictObject({
  type: z.enum(['hnsw', 'exact']),
  size: count.describe('Vectors that a search looks at.'),
  tombstones: count.describe('Vectors that are marked as removed.'),
  fresh: count.describe('Vectors that are not in the graph yet and are compared one by one.'),
  efSearch: count.describe('How widely the graph is searched.'),
  building: z
    .strictObject({ done: count, total: count })
    .nullable()
    .describe('Where a rebuild of the graph stands.'),
});

const statisticsSchema: z.ZodType<LibraryStatistics> = z
  .strictObject({
    items: z.record(z.enum(ITEM_KINDS), count),
    failed: count.describe('Files that could not be read.'),
    generation: count.describe('How often the set of embeddings has changed.'),
    indexes: z.record(z.enum(ITEM_KINDS), indexSchema),
  })
  .meta({ id: 'Statistics' });

export function libraryEndpoints(engine: SearchEngine): readonly Endpoint[] {
  return [
    jsonEndpoint({
      method: 'get',
      path: '/api/stats',
      name: 'statistics',
      group: 'library',
      summary: 'what the library holds, and how it is indexed',
      answer: statisticsSchema,
      handle: () => engine.status().library,
    }),
  ];
}
