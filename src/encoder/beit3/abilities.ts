/** What a model can do: the graphs that its heads give, and their outputs. */
import type { Architecture } from './architecture.js';

export const GRAPHS = [
  'image',
  'text',
  'image-rows',
  'text-rows',
  'fused',
  'nlvr2',
  'class',
  'caption',
  'caption-prefill',
  'caption-step',
  'caption-image',
  'caption-score',
  'mlm',
  'mlm-text',
  'mim',
] as const;
export type GraphName = (typeof GRAPHS)[number];

export const GRAPH_OUTPUTS = [
  'embedding',
  'match_logits',
  'answer_logits',
  'nlvr2_logits',
  'class_logits',
  'caption_logits',
  'mlm_logits',
  'mim_logits',
] as const;
export type GraphOutput = (typeof GRAPH_OUTPUTS)[number];

/** What a head in the VQA layout gives: with two classes it says whether the text fits the picture, class 1 = yes. */
export function answerOutput({ outputs }: Architecture): 'match_logits' | 'answer_logits' {
  return outputs.answers === 2 ? 'match_logits' : 'answer_logits';
}

export interface Abilities {
  readonly graphs: readonly GraphName[];
  /** What the graphs give, heads only. */
  readonly outputs: readonly GraphOutput[];
}

export function abilitiesOf(architecture: Architecture): Abilities {
  const { retrieval, answers, pairs, classes, words, imageCodes } = architecture.outputs;
  const graphs: GraphName[] = [];
  const outputs: GraphOutput[] = [];
  const add = (present: boolean, names: readonly GraphName[], output: GraphOutput): void => {
    if (!present) return;
    graphs.push(...names);
    outputs.push(output);
  };
  add(retrieval, ['image', 'text', 'image-rows', 'text-rows'], 'embedding');
  add(answers > 0, ['fused'], answerOutput(architecture));
  add(pairs, ['nlvr2'], 'nlvr2_logits');
  add(classes > 0, ['class'], 'class_logits');
  add(
    words === 'caption',
    ['caption', 'caption-prefill', 'caption-step', 'caption-image', 'caption-score'],
    'caption_logits',
  );
  add(words === 'masked', ['mlm', 'mlm-text'], 'mlm_logits');
  add(imageCodes > 0, ['mim'], 'mim_logits');
  return { graphs, outputs };
}
