import type { ProviderChoice } from '../core/provider.js';
import { openEncoder } from './models.js';
import { readPictureFile } from './picture-file.js';
import { checkedText } from './query-embedding.js';

export type EmbedInput = { readonly text: string } | { readonly image: string };

export interface Embedded {
  readonly input: EmbedInput;
  /** Unit length. */
  readonly embedding: readonly number[];
}

export interface EmbedOptions {
  readonly model: string | undefined;
  readonly dataDir: string;
  readonly threads?: number | undefined;
  readonly provider?: ProviderChoice | undefined;
}

/** Embeds texts and picture files, in the order given, without a library. */
export async function embed(
  inputs: readonly EmbedInput[],
  { model, dataDir, threads, provider }: EmbedOptions,
): Promise<{ model: string; embeddings: Embedded[] }> {
  await using encoder = await openEncoder({ model, dataDir, threads, provider });
  const embeddings: Embedded[] = [];
  for (const input of inputs) {
    const vectors =
      'text' in input
        ? (await encoder.dual.embedTexts([checkedText(input.text)])).embeddings
        : await encoder.dual.embedImages([
            (await encoder.images.read(await readPictureFile(input.image))).pixels,
          ]);
    embeddings.push({ input, embedding: Array.from(vectors[0] ?? []) });
  }
  return { model: encoder.bundle.manifest.id, embeddings };
}
