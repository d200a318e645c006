import type { OutputSet } from './architecture.js';
import type { Precision } from './precision.js';
import type { TensorCopy } from './tensor-copy.js';

/**
 * Writes the heads of a checkpoint. An error in a head goes straight into the result, and heads are a small part of the
 * arithmetic: they are float16 at least.
 */
export async function writeHeads(copy: TensorCopy, outputs: OutputSet, precision: Precision): Promise<void> {
  const careful = precision === 'int8' ? 'fp16' : precision;
  if (outputs.retrieval) {
    await copy.linear('vision_head', 'head.vision', careful);
    await copy.linear('language_head', 'head.language', careful);
  }
  if (outputs.answers > 0) {
    await copy.norm('pooler.norm', 'head.answer.pool_norm');
    await copy.linear('pooler.dense', 'head.answer.pool', careful);
    await copy.linear('head.0', 'head.answer.hidden', careful);
    await copy.norm('head.1', 'head.answer.hidden_norm');
    await copy.linear('head.3', 'head.answer.classes', careful);
  }
  if (outputs.pairs) {
    await copy.norm('head.norm1', 'head.pair.norm');
    await copy.linear('head.dense1', 'head.pair.hidden', careful);
    await copy.norm('head.norm2', 'head.pair.hidden_norm');
    await copy.linear('head.dense2', 'head.pair.classes', careful);
  }
  if (outputs.classes > 0) {
    await copy.norm('fc_norm', 'head.class.norm');
    await copy.linear('head', 'head.class', careful);
  }
  if (outputs.words !== 'none') await copy.linear('mlm_head', 'head.words', careful);
  if (outputs.imageCodes > 0) await copy.linear('mim_head', 'head.codes', careful);
}
