/** Texts and pictures that need not be in a library, ranked by how well they fit a query that is a text or a picture. */
import { dot } from '../../core/embedding.js';
import { SightlineError } from '../../core/errors.js';
import { type Direction, type Fusion, fusedLogit, probability } from '../../core/fusion.js';
import type { Encoder, ImageTextPair, PairImage } from '../../encoder/mod.js';
import { contentHash } from '../../ingest/mod.js';
import { checkedText } from '../query-embedding.js';
import { Hubness } from './hubness.js';

export type RankInput = { readonly text: string } | { readonly image: Uint8Array };

export interface RankedDocument {
  /** Place among the documents. */
  readonly index: number;
  /**
   * 0…1. Between a text and pictures, or a picture and texts, the probability that they belong together, where the model
   * knows it; otherwise half of 1 + cosine, which orders but means nothing by itself.
   */
  readonly relevance: number;
}

export const MAX_DOCUMENTS = 1000;
export const MAX_PICTURE_DOCUMENTS = 64;
const MAX_PICTURE_PIXELS = 100_000_000;

interface Embedded {
  readonly vector: Float32Array;
  readonly text: string | undefined;
  readonly image: PairImage | undefined;
}

function checkCounts(documents: readonly RankInput[]): void {
  const pictures = documents.filter((one) => 'image' in one).length;
  if (documents.length > 0 && documents.length <= MAX_DOCUMENTS && pictures <= MAX_PICTURE_DOCUMENTS) return;
  const message = `Expected 1 to ${MAX_DOCUMENTS} documents, at most ${MAX_PICTURE_DOCUMENTS} of them pictures, but received ${documents.length} with ${pictures} pictures.`;
  throw new SightlineError('ERR_REQUEST_INVALID', message);
}

async function embedAll(inputs: readonly RankInput[], encoder: Encoder): Promise<Embedded[]> {
  const images = new Map<RankInput, PairImage>();
  for (const input of inputs) {
    if (!('image' in input)) continue;
    // One at a time: decoded pictures are large.
    const { pixels } = await encoder.images.read(input.image, { maxPixels: MAX_PICTURE_PIXELS });
    images.set(input, { key: contentHash(input.image), pixels: async () => pixels });
  }
  const texts = inputs.flatMap((input) => ('text' in input ? [checkedText(input.text)] : []));
  const pictures = await Promise.all([...images.values()].map((image) => image.pixels()));
  const ofTexts = texts.length > 0 ? (await encoder.dual.embedTexts(texts)).embeddings.values() : [].values();
  const ofPictures = (pictures.length > 0 ? await encoder.dual.embedImages(pictures) : []).values();
  return inputs.map((input): Embedded => {
    if ('text' in input) {
      const vector = ofTexts.next().value as Float32Array;
      return { vector, text: checkedText(input.text), image: undefined };
    }
    return { vector: ofPictures.next().value as Float32Array, text: undefined, image: images.get(input) };
  });
}

/** The pair that two inputs make, where one is a text and the other a picture. */
function pairOf(a: Embedded, b: Embedded): ImageTextPair | undefined {
  const [image, text] = [a.image ?? b.image, a.text ?? b.text];
  return image !== undefined && text !== undefined ? { image, text } : undefined;
}

async function probabilities(
  encoder: Encoder,
  { scorer, ...fusion }: Fusion,
  direction: Direction,
  pairs: readonly ImageTextPair[],
  similarities: readonly number[],
  documents: readonly Embedded[],
): Promise<number[]> {
  const weights = fusion[direction];
  const references = weights.hubness === undefined ? undefined : await encoder.references();
  const hubs = references && new Hubness(references);
  // Without a weight the fused mode would not be heard.
  const fused = weights.weight > 0 ? await encoder.scorer(scorer).score(pairs, 'query') : [];
  return documents.map(({ vector }, i) => {
    const [similarity, hubness] = [similarities[i] as number, hubs?.of(vector) ?? 0];
    return probability(fusedLogit(weights, { similarity, hubness, fused: fused[i] ?? 0 }));
  });
}

/**
 * All documents, the most relevant first.
 * @throws ERR_REQUEST_INVALID, ERR_QUERY_EMPTY, ERR_QUERY_TOO_LONG, ERR_IMAGE_UNREADABLE, ERR_IMAGE_TOO_LARGE
 */
export async function rankDocuments(
  query: RankInput,
  documents: readonly RankInput[],
  encoder: Encoder,
): Promise<RankedDocument[]> {
  checkCounts(documents);
  const [asked, ...embedded] = (await embedAll([query, ...documents], encoder)) as [Embedded, ...Embedded[]];
  const similarities = embedded.map(({ vector }) => dot(asked.vector, vector));
  const pairs = embedded.flatMap((document) => pairOf(asked, document) ?? []);
  const { fusion } = encoder.bundle.manifest;
  const direction = 'text' in query ? 'textToImage' : 'imageToText';
  // Texts and pictures together are comparable by the cosine alone.
  const relevances =
    fusion !== undefined && pairs.length === embedded.length
      ? await probabilities(encoder, fusion, direction, pairs, similarities, embedded)
      : similarities.map((similarity) => (1 + similarity) / 2);
  return relevances
    .map((relevance, index): RankedDocument => ({ index, relevance }))
    .toSorted((a, b) => b.relevance - a.relevance || a.index - b.index);
}
