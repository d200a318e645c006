import { z } from 'zod';
import type { Freshness } from '../core/query.js';
import type { IngestStatus } from '../engine/mod.js';

export interface StatusAnswer {
  readonly version: string;
  readonly model: {
    readonly name: string;
    readonly dimensions: number;
    readonly imageSize: number;
    readonly precision: string;
  };
  readonly items: { readonly photo: number; readonly caption: number };
  readonly failed: number;
  readonly ingest: IngestStatus;
  readonly watched: readonly WatchedAnswer[];
  readonly freshness: FreshnessAnswer;
}

const count = z.number().int().min(0);

const ingestSchema: z.ZodType<IngestStatus> = z
  .strictObject({
    running: z.boolean(),
    phase: z.enum(['scanning', 'embedding']).nullable(),
    paused: z.boolean(),
    done: count.describe('Files and captions that are dealt with, those of earlier runs included.'),
    total: count.nullable().describe('How many there are; null while they are counted.'),
    failed: count,
    pending: count.describe('Files that wait or are under way.'),
    embedded: count.describe('Pictures that were encoded since the library was opened.'),
    rate: z.number().nullable().describe('Items a second since the embedding began.'),
    secondsLeft: z.number().nullable(),
  })
  .meta({ id: 'IngestStatus' });

/** `lastReconciled` is ISO 8601, UTC. */
export interface FreshnessAnswer extends Omit<Freshness, 'lastReconciled'> {
  readonly lastReconciled: string | null;
}

export const freshnessSchema: z.ZodType<FreshnessAnswer> = z
  .strictObject({
    watching: z.boolean().describe('Whether this server follows the watched folders.'),
    pending: count.describe('Files that wait to be looked at or ingested, as far as they are known.'),
    lastReconciled: z.iso
      .datetime()
      .nullable()
      .describe('When the watched folder that waits longest was last compared from end to end.'),
  })
  .meta({ id: 'Freshness' });

export function freshnessAnswer({ lastReconciled, ...rest }: Freshness): FreshnessAnswer {
  return { ...rest, lastReconciled: lastReconciled?.toISOString() ?? null };
}

export interface WatchedAnswer {
  readonly path: string;
  readonly mode: 'events' | 'polling';
  readonly reason: string | null;
  readonly problem: string | null;
}

const watchedSchema: z.ZodType<WatchedAnswer> = z.strictObject({
  path: z.string(),
  mode: z.enum(['events', 'polling']),
  reason: z.string().nullable().describe('Why it is polled.'),
  problem: z.string().nullable().describe('Why the last look through it failed.'),
});

export interface ProgressAnswer {
  readonly ingest: IngestStatus;
  readonly freshness: FreshnessAnswer;
}

/** What `GET /api/events` sends. */
export const progressSchema: z.ZodType<ProgressAnswer> = z
  .strictObject({ ingest: ingestSchema, freshness: freshnessSchema })
  .meta({ id: 'Progress' });

export const statusSchema: z.ZodType<StatusAnswer> = z
  .strictObject({
    version: z.string(),
    model: z.strictObject({ name: z.string(), dimensions: count, imageSize: count, precision: z.string() }),
    items: z.strictObject({ photo: count, caption: count }),
    failed: count.describe('Files that could not be read.'),
    ingest: ingestSchema,
    watched: z.array(watchedSchema),
    freshness: freshnessSchema,
  })
  .meta({ id: 'Status' });

export interface HealthAnswer {
  readonly status: string;
}

export const healthSchema: z.ZodType<HealthAnswer> = z
  .strictObject({ status: z.string() })
  .meta({ id: 'Health' });
