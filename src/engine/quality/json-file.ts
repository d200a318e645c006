import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { pathError, SightlineError } from '../../core/errors.js';

/** A JSON file of a known shape. `expected` says in words what it should be. @throws ERR_DATASET_INVALID, ERR_PATH_NOT_FOUND */
export async function readJsonFile<T>(path: string, schema: z.ZodType<T>, expected: string): Promise<T> {
  const source = await readFile(path, 'utf8').catch((error: unknown) => {
    throw pathError(error, path, 'ERR_DATASET_INVALID');
  });
  let content: unknown;
  try {
    content = JSON.parse(source);
  } catch (error) {
    const message = `${path} is not JSON. Expected ${expected}.`;
    throw new SightlineError('ERR_DATASET_INVALID', message, { cause: error });
  }
  const parsed = schema.safeParse(content);
  if (parsed.success) return parsed.data;
  const message = `${path} is not as expected, ${expected}:\n${z.prettifyError(parsed.error)}`;
  throw new SightlineError('ERR_DATASET_INVALID', message);
}
