import { z } from 'zod';
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
}

const count = z.number().int().min(0);

const ingestSchema: z.ZodType<IngestStatus> = z
  .strictObject({
    running: z.boolean(),
    phase: z.enum(['scanning', 'embedding']).nullable(),
    done: count,
    total: count.nullable(),
    failed: count,
    rate: z.number().nullable().describe('Items a second since the embedding began.'),
    secondsLeft: z.number().nullable(),
  })
  .meta({ id: 'IngestStatus' });

export const statusSchema: z.ZodType<StatusAnswer> = z
  .strictObject({
    version: z.string(),
    model: z.strictObject({ name: z.string(), dimensions: count, imageSize: count, precision: z.string() }),
    items: z.strictObject({ photo: count, caption: count }),
    failed: count.describe('Files that could not be read.'),
    ingest: ingestSchema,
  })
  .meta({ id: 'Status' });

export interface HealthAnswer {
  readonly status: string;
}

export const healthSchema: z.ZodType<HealthAnswer> = z
  .strictObject({ status: z.string() })
  .meta({ id: 'Health' });
