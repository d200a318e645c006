import { readFile } from 'node:fs/promises';
import { pathError } from '../core/errors.js';
import type { ProviderChoice } from '../core/provider.js';
import { Encoder } from '../encoder/mod.js';
import { providerFile, resolveModel } from './models.js';
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
  const folder = await resolveModel(model, dataDir);
  await using encoder = await Encoder.open(folder, {
    threads,
    provider,
    providerFile: providerFile(dataDir),
  });
  const embeddings: Embedded[] = [];
  for (const input of inputs) {
    const vectors =
      'text' in input
        ? (await encoder.dual.embedTexts([checkedText(input.text)])).embeddings
        : await encoder.dual.embedImages([
            (await encoder.images.read(await readPicture(input.image))).pixels,
          ]);
    embeddings.push({ input, embedding: Array.from(vectors[0] ?? []) });
  }
  return { model: encoder.bundle.manifest.id, embeddings };
}

async function readPicture(path: string): Promise<Uint8Array> {
  return readFile(path).catch((error: unknown) => {
    throw pathError(error, path, 'ERR_PATH_UNREADABLE');
  });
}
