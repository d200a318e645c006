/** How long a rerank may take, and how deep it can get in that time. */
import { SightlineError } from '../../core/errors.js';
import type { RerankOptions } from '../../core/query.js';

/** Milliseconds in which an answer still seems to come at once. */
export const DEFAULT_BUDGET_MS = 300;
const LEAST_DEPTH = 8;
const MOST_DEPTH = 64;
export const MAX_DEPTH = 1000;
export const MAX_BUDGET_MS = 60_000;

function refuse(name: string, expected: string, value: number): never {
  const message = `Expected ${expected} for rerank.${name} but received ${value}.`;
  throw new SightlineError('ERR_REQUEST_INVALID', message, { details: { name: `rerank.${name}`, value } });
}

/** @throws ERR_REQUEST_INVALID for a depth or a budget that means nothing */
export function checkedPatience(asked: boolean | RerankOptions | undefined): RerankOptions {
  const { depth, budgetMs } = typeof asked === 'object' ? asked : {};
  if (depth !== undefined && !(Number.isInteger(depth) && depth >= 1 && depth <= MAX_DEPTH))
    refuse('depth', `a whole number from 1 to ${MAX_DEPTH}`, depth);
  if (budgetMs !== undefined && !(budgetMs > 0 && budgetMs <= MAX_BUDGET_MS))
    refuse('budgetMs', `milliseconds above 0 and up to ${MAX_BUDGET_MS}`, budgetMs);
  return { ...(depth !== undefined && { depth }), ...(budgetMs !== undefined && { budgetMs }) };
}

/** How many candidates can be read in the time there is, between 8 and 64. */
export function depthWithin(budgetMs: number, millisecondsEach: number): number {
  const fitting = Math.floor(budgetMs / millisecondsEach);
  return Math.min(MOST_DEPTH, Math.max(LEAST_DEPTH, fitting));
}
