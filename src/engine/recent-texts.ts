import { LruCache } from '../core/lru-cache.js';
import type { Encoder } from '../encoder/mod.js';

export interface EmbeddedTexts {
  readonly embeddings: readonly Float32Array[];
  readonly truncated: readonly boolean[];
}

interface EmbeddedText {
  readonly embedding: Float32Array;
  readonly truncated: boolean;
}

/** A few thousand texts. */
const BYTES = 4 * 1024 * 1024;
const bytesOf = ({ embedding }: EmbeddedText): number => 2 * embedding.byteLength;

/** Of each model that is at work; gone with it. */
const recent = new WeakMap<Encoder, LruCache<EmbeddedText>>();

/** Embeddings of query texts. What was asked for lately is remembered: its next page, or the same again, costs nothing. */
export async function embedQueryTexts(texts: readonly string[], encoder: Encoder): Promise<EmbeddedTexts> {
  const kept = recent.get(encoder) ?? new LruCache<EmbeddedText>(BYTES, bytesOf);
  recent.set(encoder, kept);
  const known = new Map(
    texts.flatMap((text) => {
      const embedded = kept.get(text);
      return embedded ? [[text, embedded] as const] : [];
    }),
  );
  const missing = [...new Set(texts)].filter((text) => !known.has(text));
  if (missing.length > 0) {
    const { embeddings, truncated } = await encoder.dual.embedTexts(missing);
    for (const [place, text] of missing.entries()) {
      const fresh = { embedding: embeddings[place] as Float32Array, truncated: truncated[place] ?? false };
      kept.set(text, fresh);
      known.set(text, fresh);
    }
  }
  const found = texts.map((text) => known.get(text) as EmbeddedText);
  return {
    embeddings: found.map(({ embedding }) => embedding),
    truncated: found.map(({ truncated }) => truncated),
  };
}
