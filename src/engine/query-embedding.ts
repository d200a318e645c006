import { SightlineError } from '../core/errors.js';
import type { ItemId } from '../core/item.js';
import type { Query, QueryPart } from '../core/query.js';
import type { Encoder } from '../encoder/mod.js';
import type { Library } from '../index/mod.js';
import { contentHash } from '../ingest/mod.js';
import { readPictureFile } from './picture-file.js';
import { blend, type Weighted } from './query-algebra.js';
import { embedQueryTexts } from './recent-texts.js';
import type { ForeignPicture } from './rerank/photo-pixels.js';

/** Far more than any model reads; what is longer was pasted by mistake. */
export const MAX_QUERY_CHARACTERS = 2000;
/** Parts of one query, leave-outs included. */
export const MAX_QUERY_PARTS = 16;
const MAX_WEIGHT = 1000;

/** A picture to search by is looked at once and by anyone who may ask: its limit is tighter than ingest's. */
export const MAX_QUERY_PIXELS = 100_000_000;

export interface QueryEmbedding {
  /** Unit length. */
  readonly vector: Float32Array;
  /** The texts that were asked for, without those to be left out: what words and the fused mode go by. */
  readonly texts: readonly string[];
  /** The texts of what is to be left out. */
  readonly unwanted: readonly string[];
  /** Pictures that were asked with. */
  readonly pictures: readonly ForeignPicture[];
  /** Items that the query names: they are left out of their own results. */
  readonly itemIds: readonly ItemId[];
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

function checkedWeight({ weight = 1 }: QueryPart): number {
  if (Number.isFinite(weight) && weight > 0 && weight <= MAX_WEIGHT) return weight;
  const message = `Expected a weight above 0 and up to ${MAX_WEIGHT} but received ${weight}. What is not wanted goes into not.`;
  throw new SightlineError('ERR_REQUEST_INVALID', message, { details: { weight } });
}

/** What is asked for, the short forms first. */
function wantedParts({ text, image, itemId, all = [] }: Query): QueryPart[] {
  return [
    ...(itemId === undefined ? [] : [{ itemId }]),
    ...(image === undefined ? [] : [{ image }]),
    ...(text === undefined ? [] : [{ text }]),
    ...all,
  ];
}

export async function readPicture(image: string | Uint8Array): Promise<ForeignPicture> {
  const bytes = typeof image === 'string' ? await readPictureFile(image) : image;
  return { key: contentHash(bytes), bytes };
}

/** As the model sees it. @throws ERR_IMAGE_UNREADABLE, ERR_IMAGE_TOO_LARGE */
export async function pixelsOf({ bytes }: ForeignPicture, encoder: Encoder): Promise<Uint8Array> {
  const { pixels } = await encoder.images.read(bytes, { maxPixels: MAX_QUERY_PIXELS });
  return pixels;
}

/** @throws ERR_IMAGE_UNREADABLE, ERR_IMAGE_TOO_LARGE */
export async function embedPicture(picture: ForeignPicture, encoder: Encoder): Promise<Float32Array> {
  const [embedding] = await encoder.dual.embedImages([await pixelsOf(picture, encoder)]);
  return embedding as Float32Array;
}

function embeddingOf(id: ItemId, library: Library): Float32Array {
  const known = library.embedding(id);
  if (known) return known;
  const message = `There is no item ${id} in the library. It may have been removed; search again.`;
  throw new SightlineError('ERR_ITEM_NOT_FOUND', message, { details: { id } });
}

/** Texts of one query go to the encoder together. */
async function embedParts(
  parts: readonly QueryPart[],
  encoder: Encoder,
  library: Library,
  reading: (text: string) => string,
): Promise<{ vectors: Float32Array[]; pictures: ForeignPicture[]; truncated: boolean }> {
  const texts = parts.flatMap((part) => ('text' in part ? [reading(checkedText(part.text))] : []));
  const embedded = await embedQueryTexts(texts, encoder);
  const ofTexts = embedded.embeddings.values();
  const vectors: Float32Array[] = [];
  const pictures: ForeignPicture[] = [];
  for (const part of parts) {
    if ('text' in part) vectors.push(ofTexts.next().value as Float32Array);
    else if ('itemId' in part) vectors.push(embeddingOf(part.itemId, library));
    else {
      const picture = await readPicture(part.image);
      pictures.push(picture);
      vectors.push(await embedPicture(picture, encoder));
    }
  }
  return { vectors, pictures, truncated: embedded.truncated.some(Boolean) };
}

const textsOf = (parts: readonly QueryPart[]): string[] =>
  parts.flatMap((part) => ('text' in part ? [part.text.trim()] : []));

/** The texts that a query asks for, unchecked. */
export function wantedTexts(query: Query): readonly string[] {
  return textsOf(wantedParts(query));
}

/**
 * One unit vector for the whole query; undefined where it asks for nothing.
 * @param reading what of a text is embedded; all of it by default
 * @throws ERR_QUERY_EMPTY, ERR_QUERY_TOO_LONG, ERR_IMAGE_UNREADABLE, ERR_IMAGE_TOO_LARGE, ERR_ITEM_NOT_FOUND,
 * ERR_REQUEST_INVALID
 */
export async function embedQuery(
  query: Query,
  encoder: Encoder,
  library: Library,
  reading: (text: string) => string = (text) => text,
): Promise<QueryEmbedding | undefined> {
  const wanted = wantedParts(query);
  const unwanted = query.not ?? [];
  const parts = [...wanted, ...unwanted];
  if (parts.length > MAX_QUERY_PARTS) {
    const message = `Expected a query of at most ${MAX_QUERY_PARTS} parts but received ${parts.length}.`;
    throw new SightlineError('ERR_REQUEST_INVALID', message, { details: { parts: parts.length } });
  }
  if (wanted.length === 0) {
    if (unwanted.length === 0) return undefined;
    const message =
      'The query says what to leave out, but not what to find. Add some words for what to find.';
    throw new SightlineError('ERR_QUERY_EMPTY', message);
  }
  const weights = parts.map(checkedWeight);
  const { vectors, pictures, truncated } = await embedParts(parts, encoder, library, reading);
  const weighted = vectors.map((vector, i): Weighted => ({ vector, weight: weights[i] as number }));
  return {
    vector: blend(weighted.slice(0, wanted.length), weighted.slice(wanted.length)),
    texts: textsOf(wanted),
    unwanted: textsOf(unwanted),
    pictures,
    itemIds: wanted.flatMap((part) => ('itemId' in part ? [part.itemId] : [])),
    warnings: truncated ? ['The text is longer than the model reads; its end was left out.'] : [],
  };
}
