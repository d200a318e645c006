/**
 * Caption collections: `.jsonl` with one `{"image"?, "caption"}` a line, or `.txt` with one caption a line. Read as a
 * stream, twice: once to check it whole, so that a damaged collection changes nothing, and once to ingest it.
 */
import { createReadStream } from 'node:fs';
import { extname } from 'node:path';
import { createInterface } from 'node:readline';
import { z } from 'zod';
import { pathError, SightlineError } from '../core/errors.js';
import type { CaptionLine } from '../core/ports.js';
import { contentHash } from './content-hash.js';

/** Longer "captions" are other documents. */
const MAX_CAPTION_CHARACTERS = 2000;

const entrySchema: z.ZodType<{ image?: string | undefined; caption: string }> = z.looseObject({
  image: z.string().optional(),
  caption: z.string().refine((text) => text.trim() !== '', 'must not be empty'),
});

function invalid(path: string, line: number, reason: string): SightlineError {
  const expected = path.endsWith('.jsonl')
    ? '{"image"?: "…", "caption": "…"} on every line'
    : 'one caption on every line';
  const message = `${path}, line ${line}: expected ${expected}, but ${reason}. Correct the line and ingest again; nothing of this file was taken.`;
  return new SightlineError('ERR_CAPTIONS_INVALID', message, { details: { path, line } });
}

function parseEntry(path: string, line: number, source: string): { text: string; image: string | null } {
  let value: unknown;
  try {
    value = JSON.parse(source);
  } catch {
    throw invalid(path, line, 'it is not JSON');
  }
  const entry = entrySchema.safeParse(value);
  if (entry.success) return { text: entry.data.caption.trim(), image: entry.data.image ?? null };
  const issue = entry.error.issues[0];
  throw invalid(path, line, `${issue?.path.join('.') || 'the entry'}: ${issue?.message ?? 'is not valid'}`);
}

/** The captions with their line numbers, from 1; blank lines are passed over. @throws ERR_CAPTIONS_INVALID */
export async function* readCollection(path: string): AsyncGenerator<CaptionLine> {
  const isJson = extname(path).toLowerCase() === '.jsonl';
  const lines = createInterface({ input: createReadStream(path, 'utf8'), crlfDelay: Infinity });
  let line = 0;
  try {
    for await (const source of lines) {
      line++;
      if (source.trim() === '') continue;
      const { text, image } = isJson ? parseEntry(path, line, source) : { text: source.trim(), image: null };
      if (text.length > MAX_CAPTION_CHARACTERS) {
        throw invalid(
          path,
          line,
          `the caption has ${text.length} characters, more than ${MAX_CAPTION_CHARACTERS}`,
        );
      }
      if (text.includes('\0')) throw invalid(path, line, 'it is not text');
      yield { line, text, image, contentHash: contentHash(text) };
    }
  } catch (error) {
    throw pathError(error, path, 'ERR_CAPTIONS_INVALID');
  } finally {
    lines.close();
  }
}

/** Checks the whole collection and counts its captions. @throws ERR_CAPTIONS_INVALID naming the first bad line */
export async function countCaptions(path: string): Promise<number> {
  let count = 0;
  for await (const _ of readCollection(path)) count++;
  return count;
}
