import type { DualEncoder } from '../../core/ports.js';
import { unit } from '../../core/embedding.js';

/** One direction for several ways to say a thing: the mean of their embeddings, of unit length. */
export async function promptEmbedding(
  encoder: DualEncoder,
  prompts: readonly string[],
): Promise<Float32Array> {
  const { embeddings } = await encoder.embedTexts(prompts);
  const sum = new Float32Array(encoder.dimensions);
  for (const embedding of embeddings)
    for (const [i, value] of embedding.entries()) sum[i] = (sum[i] as number) + value;
  return unit(sum);
}
