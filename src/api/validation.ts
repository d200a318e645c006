import type { z } from 'zod';
import { SightlineError } from '../core/errors.js';
import { didYouMean } from '../core/typo.js';

/**
 * Checks a request at the border, once.
 * @param legal the names the schema knows, for the likely typo
 * @throws ERR_REQUEST_INVALID saying which field and what was expected
 */
export function validated<T>(schema: z.ZodType<T>, input: unknown, legal: readonly string[]): T {
  const result = schema.safeParse(input);
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  if (issue?.code === 'unrecognized_keys') {
    const [key = ''] = issue.keys;
    const message = `There is no field ${key}.${didYouMean(key, legal)} Known: ${legal.join(', ')}.`;
    throw new SightlineError('ERR_REQUEST_INVALID', message, { details: { field: key } });
  }
  const field = issue?.path.join('.') || 'the request';
  const message = `${field} is not valid: ${issue?.message ?? 'unexpected value'}.`;
  throw new SightlineError('ERR_REQUEST_INVALID', message, { details: { field } });
}
