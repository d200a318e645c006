import { z } from 'zod';
import { SightlineError } from '../core/errors.js';
import { didYouMean } from '../core/typo.js';

/** Names that a schema knows, for the likely typo. */
const fieldsOf = (schema: z.ZodType): string[] =>
  schema instanceof z.ZodObject ? Object.keys(schema.shape) : [];

/**
 * Checks a request at the border, once.
 * @throws ERR_REQUEST_INVALID saying which field and what was expected
 */
export function validated<T>(schema: z.ZodType<T>, input: unknown): T {
  const result = schema.safeParse(input);
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  if (issue?.code === 'unrecognized_keys') {
    const [key = ''] = issue.keys;
    const known = fieldsOf(schema);
    const legal = known.length === 0 ? 'It takes none.' : `Known: ${known.join(', ')}.`;
    const message = `There is no field ${key}.${didYouMean(key, known)} ${legal}`;
    throw new SightlineError('ERR_REQUEST_INVALID', message, { details: { field: key } });
  }
  const field = issue?.path.join('.') || 'the request';
  const message = `${field} is not valid: ${issue?.message ?? 'unexpected value'}.`;
  throw new SightlineError('ERR_REQUEST_INVALID', message, { details: { field } });
}
