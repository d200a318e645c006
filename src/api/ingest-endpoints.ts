/** How photos come in: progress as it happens, the pipeline's brake, and the ledger of files that could not be read. */
import { z } from 'zod';
import type { SearchEngine } from '../engine/mod.js';
import { type Endpoint, eventsEndpoint, jsonEndpoint } from './endpoint.js';
import { freshnessAnswer, type ProgressAnswer, progressSchema } from './status-schemas.js';

interface FailureAnswer {
  readonly path: string;
  readonly code: string;
  readonly reason: string;
  readonly count: number;
  readonly failedAt: string | null;
  readonly nextTry: string | null;
}

export interface FailuresAnswer {
  readonly failures: readonly FailureAnswer[];
  readonly total: number;
  readonly next: string | null;
}

export interface RetryAnswer {
  readonly tried: number;
  readonly failed: number;
}

const count = z.number().int().min(0);

const failuresSchema: z.ZodType<FailuresAnswer> = z
  .strictObject({
    failures: z.array(
      z.strictObject({
        path: z.string(),
        code: z.string().describe('From the table of errors.'),
        reason: z.string(),
        count: count.describe('How often in a row.'),
        failedAt: z.iso.datetime().nullable(),
        nextTry: z.iso.datetime().nullable().describe('Null: not before the file changes.'),
      }),
    ),
    total: count,
    next: z.string().nullable().describe('Where to go on, for `cursor`; null at the end.'),
  })
  .meta({ id: 'Failures' });

const retrySchema: z.ZodType<RetryAnswer> = z
  .strictObject({ tried: count, failed: count })
  .meta({ id: 'Retry' });

interface FailuresRequest {
  readonly limit: number;
  readonly cursor?: string | undefined;
}

const page: z.ZodType<FailuresRequest> = z.strictObject({
  limit: z.coerce.number().int().min(1).max(10_000).default(1000),
  cursor: z.base64url().max(8192).optional().describe('`next` of an earlier answer, to go on behind it.'),
});

/** Pages go by paths: what fails or is mended meanwhile moves nothing. */
function failuresAnswer(engine: SearchEngine, { limit, cursor }: FailuresRequest): FailuresAnswer {
  const after = cursor === undefined ? undefined : Buffer.from(cursor, 'base64url').toString();
  const found = engine.failures(limit + 1, after);
  const shown = found.slice(0, limit);
  const last = found.length > limit ? shown.at(-1) : undefined;
  return {
    failures: shown.map(({ failedAt, nextTry, ...failure }) => ({
      ...failure,
      failedAt: failedAt?.toISOString() ?? null,
      nextTry: nextTry?.toISOString() ?? null,
    })),
    total: engine.status().library.failed,
    next: last === undefined ? null : Buffer.from(last.path).toString('base64url'),
  };
}

const paths: z.ZodType<{ readonly paths: readonly string[] }> = z.strictObject({
  paths: z
    .array(z.string().min(1))
    .default([])
    .describe('Files, or folders that they lie in. Default: everything that failed.'),
});

async function* progress(engine: SearchEngine, signal: AbortSignal): AsyncGenerator<ProgressAnswer> {
  for await (const ingest of engine.updates(signal)) {
    yield { ingest, freshness: freshnessAnswer(engine.freshness()) };
  }
}

function brakeEndpoint(engine: SearchEngine, name: 'pause' | 'resume', summary: string): Endpoint {
  return jsonEndpoint({
    method: 'post',
    path: `/api/ingest/${name}`,
    name: `${name}Ingest`,
    group: 'library',
    summary,
    scope: 'write',
    answer: progressSchema,
    errors: ['ERR_LIBRARY_READ_ONLY'],
    handle: () => {
      engine.intake[name]();
      return { ingest: engine.intake.status, freshness: freshnessAnswer(engine.freshness()) };
    },
  });
}

export function ingestEndpoints(engine: SearchEngine): readonly Endpoint[] {
  return [
    eventsEndpoint({
      method: 'get',
      path: '/api/events',
      name: 'events',
      group: 'library',
      summary: 'where the ingest stands, now and whenever that changes, as server-sent events',
      event: progressSchema,
      handle: ({ signal }) => progress(engine, signal),
    }),
    brakeEndpoint(engine, 'pause', 'ingest nothing further until told to; what is under way is finished'),
    brakeEndpoint(engine, 'resume', 'go on with the ingest'),
    jsonEndpoint({
      method: 'get',
      path: '/api/failures',
      name: 'failures',
      group: 'library',
      summary: 'files that could not be read, why, how often, and when they are tried again',
      queryFields: page,
      answer: failuresSchema,
      handle: ({ query }) => failuresAnswer(engine, query),
    }),
    jsonEndpoint({
      method: 'post',
      path: '/api/failures/retry',
      name: 'retryFailures',
      group: 'library',
      summary: 'try failed files again now; answers when that is done',
      scope: 'write',
      once: true,
      body: paths,
      answer: retrySchema,
      errors: ['ERR_LIBRARY_READ_ONLY', 'ERR_DISK_FULL'],
      handle: async ({ body }) => {
        // Not ended with the connection: who lost it asks again with the same key.
        const { added, known, failed } = await engine.intake.retry(body.paths);
        return { tried: added + known + failed.length, failed: failed.length };
      },
    }),
  ];
}
