import { z } from 'zod';
import { ITEM_KINDS } from '../core/item.js';
import type { RecallAudit, SearchEngine } from '../engine/mod.js';
import { type Endpoint, jsonEndpoint } from './endpoint.js';

export interface AuditsAnswer {
  readonly running: boolean;
  readonly measuredAt: string | null;
  readonly audits: readonly RecallAudit[];
}

const share = z.number().min(0).max(1);
const width = z.number().int().min(1);

const auditSchema: z.ZodType<RecallAudit> = z.strictObject({
  kind: z.enum(ITEM_KINDS),
  queries: z.number().int().min(0),
  real: z.boolean().describe('Whether people asked them; otherwise items of the library stand in for them.'),
  recall: share.describe('Of the ten truly nearest, as far as the graph found them.'),
  bySource: z.partialRecord(z.enum(['text', 'image']), share),
  efSearch: z.strictObject({ before: width, after: width }).describe('How widely the graph is searched.'),
  recallAfter: share,
});

const auditsSchema: z.ZodType<AuditsAnswer> = z
  .strictObject({
    running: z.boolean(),
    measuredAt: z.iso.datetime().nullable().describe('Null: not yet by this server.'),
    audits: z.array(auditSchema),
  })
  .meta({ id: 'Audits' });

function auditsAnswer({ audits }: SearchEngine): AuditsAnswer {
  const { isRunning, measuredAt, last } = audits;
  return { running: isRunning, measuredAt: measuredAt?.toISOString() ?? null, audits: last };
}

export function auditEndpoints(engine: SearchEngine): readonly Endpoint[] {
  return [
    jsonEndpoint({
      method: 'get',
      path: '/api/audit',
      name: 'audits',
      group: 'library',
      summary: 'how much of the truly nearest the index found when that was last measured',
      answer: auditsSchema,
      handle: () => auditsAnswer(engine),
    }),
    jsonEndpoint({
      method: 'post',
      path: '/api/audit',
      name: 'audit',
      group: 'library',
      summary: 'measure that now with the last queries, and search more widely where more than 1 % is missed',
      description:
        'Answers at once; ask again for the result. One at a time: a second request joins the first.',
      scope: 'write',
      status: 202,
      answer: auditsSchema,
      handle: () => {
        // A library that closes meanwhile ends it.
        engine.audits.measure().catch(() => {});
        return auditsAnswer(engine);
      },
    }),
  ];
}
