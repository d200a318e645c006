import type { Tensors } from './runtime/messages.js';

/** `input_ids` and `attention_mask` [N, T] from N texts, padded to the longest of them. */
export function tokenBatch(texts: readonly (readonly number[])[], padId: number): Tensors {
  const longest = Math.max(...texts.map((ids) => ids.length));
  const ids = new BigInt64Array(texts.length * longest).fill(BigInt(padId));
  const mask = new BigInt64Array(texts.length * longest);
  for (const [row, text] of texts.entries()) {
    for (const [column, id] of text.entries()) {
      ids[row * longest + column] = BigInt(id);
      mask[row * longest + column] = 1n;
    }
  }
  const dims = [texts.length, longest];
  return {
    input_ids: { type: 'int64', dims, data: ids },
    attention_mask: { type: 'int64', dims, data: mask },
  };
}
