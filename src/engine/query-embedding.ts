import { blend } from '../core/embedding.js';
import { SightlineError } from '../core/errors.js';
import type { Query } from '../core/query.js';
import type { Encoder } from '../encoder/mod.js';
import type { Library } from '../index/mod.js';
import { readPictureFile } from './picture-file.js';

/** Far more than any model reads; what is longer was pasted by mistake. */
export const MAX_QUERY_CHARACTERS = 2000;

/** A picture to search by is looked at once and by anyone who may ask: its limit is tighter than ingest's. */
const MAX_QUERY_PIXELS = 100_000_000;

export interface QueryEmbedding {
  readonly vector: Float32Array;
  readonly warnings: readonly string[];
}

/** The text without the space around it. @throws ERR_QUERY_EMPTY, ERR_QUERY_TOO_LONG */
export function checkedText(text: string): string {
  const trimmed = text.trim();
  if (trimmed === '') {
    throw new SightlineError(
      'ERR_QUERY_EMPTY',
      'Expected some words to search for but the text is empty. Describe what the photo shows.',
    );
  }
  if (trimmed.length > MAX_QUERY_CHARACTERS) {
    const message = `Expected a text of at most ${MAX_QUERY_CHARACTERS} characters but received ${trimmed.length}. Describe the photo in a sentence.`;
    throw new SightlineError('ERR_QUERY_TOO_LONG', message, {
      details: { length: trimmed.length, limit: MAX_QUERY_CHARACTERS },
    });
  }
  return trimmed;
}

async function embedPicture(image: string | Uint8Array, encoder: Encoder): Promise<Float32Array> {
  const bytes = typeof image === 'string' ? await readPictureFile(image) : image;
  const { pixels } = await encoder.images.read(bytes, { maxPixels: MAX_QUERY_PIXELS });
  const [embedding] = await encoder.dual.embedImages([pixels]);
  return embedding as Float32Array;
}

/**
 * One unit vector for the whole query: the direction of the sum of its parts.
 * @throws ERR_QUERY_EMPTY, ERR_QUERY_TOO_LONG, ERR_IMAGE_UNREADABLE, ERR_IMAGE_TOO_LARGE, ERR_ITEM_NOT_FOUND
 */
export async function embedQuery(query: Query, encoder: Encoder, library: Library): Promise<QueryEmbedding> {
  const vectors: Float32Array[] = [];
  const warnings: string[] = [];
  if (query.itemId !== undefined) {
    const known = library.embedding(query.itemId);
    if (known === undefined) {
      const message = `There is no item ${query.itemId} in the library. It may have been removed; search again.`;
      throw new SightlineError('ERR_ITEM_NOT_FOUND', message, { details: { id: query.itemId } });
    }
    vectors.push(known);
  }
  if (query.image !== undefined) vectors.push(await embedPicture(query.image, encoder));
  if (query.text !== undefined) {
    const { embeddings, truncated } = await encoder.dual.embedTexts([checkedText(query.text)]);
    vectors.push(embeddings[0] as Float32Array);
    if (truncated[0]) warnings.push('The text is longer than the model reads; its end was left out.');
  }
  if (vectors.length === 0) {
    throw new SightlineError(
      'ERR_QUERY_EMPTY',
      'Expected a text, a picture or an item to search by but received none of them.',
    );
  }
  return { vector: vectors.length === 1 ? (vectors[0] as Float32Array) : blend(vectors), warnings };
}
