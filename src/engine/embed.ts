import type { Encoder } from '../encoder/mod.js';
import { type ModelChoice, openEncoder } from './models.js';
import { checkedText, embedPicture, readPicture } from './query-embedding.js';

export type EmbedInput = { readonly text: string } | { readonly image: string | Uint8Array };

/** A picture by its file's path. */
export type NamedInput = { readonly text: string } | { readonly image: string };

export interface Embedded {
  readonly input: NamedInput;
  /** Unit length. */
  readonly embedding: readonly number[];
}

/** Unit vectors of texts and pictures, in the order given. Texts share runs of the encoder. */
export async function embedInputs(inputs: readonly EmbedInput[], encoder: Encoder): Promise<Float32Array[]> {
  const texts = inputs.flatMap((input) => ('text' in input ? [checkedText(input.text)] : []));
  const { embeddings } = texts.length > 0 ? await encoder.dual.embedTexts(texts) : { embeddings: [] };
  const rows = embeddings.values();
  const vectors: Float32Array[] = [];
  for (const input of inputs) {
    vectors.push(
      'text' in input
        ? (rows.next().value as Float32Array)
        : await embedPicture(await readPicture(input.image), encoder),
    );
  }
  return vectors;
}

/** Embeds texts and picture files, in the order given, without a library. */
export async function embed(
  inputs: readonly NamedInput[],
  choice: ModelChoice,
): Promise<{ model: string; embeddings: Embedded[] }> {
  await using encoder = await openEncoder(choice);
  const vectors = await embedInputs(inputs, encoder);
  const embeddings = inputs.map((input, place) => ({ input, embedding: Array.from(vectors[place] ?? []) }));
  return { model: encoder.bundle.manifest.id, embeddings };
}
