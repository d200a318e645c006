/** Datasets in the Karpathy format: `{"images": [{"filename", "sentences": [{"raw"}]}]}`, whatever their splits. */
import { readFile, stat } from 'node:fs/promises';
import { z } from 'zod';
import { type CaptionEntry, invalidCaption } from './caption-entry.js';

const EXPECTED = 'a dataset in the Karpathy format';
/** The largest that is published (COCO) has 144 MB. */
const MAX_BYTES = 256 * 1024 * 1024;

interface Entry {
  readonly filename: string;
  readonly filepath?: string | undefined;
  readonly sentences: readonly { readonly raw: string }[];
}

const schema: z.ZodType<{ images: Entry[] }> = z.looseObject({
  images: z.array(
    z.looseObject({
      filename: z.string(),
      filepath: z.string().optional(),
      sentences: z.array(z.looseObject({ raw: z.string() })),
    }),
  ),
});

/** The captions, counted from 1. @throws ERR_CAPTIONS_INVALID, and what the system says of the file */
export async function* readDataset(path: string): AsyncGenerator<CaptionEntry> {
  const { size } = await stat(path);
  if (size > MAX_BYTES)
    throw invalidCaption(path, 1, EXPECTED, `it has ${size} bytes, more than ${MAX_BYTES}`);
  let value: unknown;
  try {
    value = JSON.parse(await readFile(path, 'utf8'));
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw invalidCaption(path, 1, EXPECTED, 'it is not JSON');
  }
  const parsed = schema.safeParse(value);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    throw invalidCaption(
      path,
      1,
      EXPECTED,
      `${issue?.path.join('.') || 'it'}: ${issue?.message ?? 'is not one'}`,
    );
  }
  let line = 0;
  for (const { filepath, filename, sentences } of parsed.data.images) {
    for (const { raw } of sentences) {
      line++;
      const text = raw.trim();
      if (text !== '') yield { line, text, image: filepath ? `${filepath}/${filename}` : filename };
    }
  }
}
