/**
 * Graphs of a captioning model. It guesses words under `<mask>`: for word t the input is `<s>`, the words before it and one
 * `<mask>`, and the logits are read at the mask. A picture never sees the text, so its keys and values are computed once
 * and serve every text that is tried on it; `caption` alone computes both together, for whoever wants all logits at once.
 *
 * Stored keys and values are [N, layers, rows, D]. Those of a picture may have one row of batch for many texts.
 */
import type { Value } from '../onnx/graph-builder.js';
import type { KeysAndValues } from './attention.js';
import { backbone } from './backbone.js';
import { concatenatedStore, imageRowCount, layerOf, outputStore, storeInput } from './caption-store.js';
import type { GraphPlan } from './graph-plan.js';
import { embedImage, embedText, jointKeyMask, pixelInput, placeTokens, textInput } from './input-rows.js';
import { linear } from './precision.js';
import { END, sizeOf } from './row-operators.js';
import { causalBias } from './visibility.js';

function captionLogits({ graph, architecture }: GraphPlan, rows: Value | undefined, length: 'T' | 1): void {
  const logits = linear(graph, rows ?? '', 'head.words');
  graph.output('caption_logits', logits, 'float32', ['N', length, architecture.vocabulary]);
}

/** `pixels`, `input_ids`, `attention_mask` → `caption_logits` [N, T, V]. */
export function captionGraph(plan: GraphPlan): void {
  const { graph } = plan;
  const text = textInput(plan);
  const keyMask = jointKeyMask(plan, text);
  const picture = imageRowCount(plan);
  const image = embedImage(plan, pixelInput(plan));
  const total = graph.node('Add', [sizeOf(graph, text.ids, 1), graph.integers([picture])]);
  const bias = causalBias(graph, { before: graph.integers([0]), total, picture });
  const { rows } = backbone(
    plan,
    [
      { expert: 'A', rows: image },
      { expert: 'B', rows: embedText(graph, text) },
    ],
    { keep: ['none', 'all'], scores: { bias, keyMask } },
  );
  captionLogits(plan, rows[0], 'T');
}

/** Keys and values of a picture in every layer. */
export function pictureStore(plan: GraphPlan): readonly KeysAndValues[] {
  const rows = embedImage(plan, pixelInput(plan));
  return backbone(plan, [{ expert: 'A', rows }], { keep: ['none'] }).own;
}

/**
 * `pixels`, `input_ids` [N, T] that end with `<mask>` → `caption_logits` [N, 1, V] at the mask, the picture's keys and
 * values, and those of the text without its mask.
 */
export function captionPrefillGraph(plan: GraphPlan): void {
  const { graph } = plan;
  const ids = graph.input('input_ids', 'int64', ['N', 'T']);
  const image = pictureStore(plan);
  const total = sizeOf(graph, ids, 1);
  const result = backbone(plan, [{ expert: 'B', rows: placeTokens(graph, ids) }], {
    keep: [{ from: graph.integers([-1]) }],
    scores: { bias: causalBias(graph, { before: graph.integers([0]), total, picture: 0 }) },
    shared: (layer) => image[layer] as KeysAndValues,
  });
  captionLogits(plan, result.rows[0], 1);
  outputStore(plan, 'image', concatenatedStore(plan, image, [0, END]));
  outputStore(plan, 'text', concatenatedStore(plan, result.own, [0, -1]));
}

/**
 * `input_ids` [N, 2], the newest word and `<mask>`, behind the picture's keys and values and `past_keys`, `past_values` of
 * the words before → `caption_logits` [N, 1, V] at the mask, and the text's keys and values with the newest word and without
 * the mask.
 */
export function captionStepGraph(plan: GraphPlan): void {
  const { graph } = plan;
  const ids = graph.input('input_ids', 'int64', ['N', 'T']);
  const image = storeInput(plan, 'image', ['M', imageRowCount(plan)]);
  const past = storeInput(plan, 'past', ['N', 'past_rows']);
  const before = sizeOf(graph, past.keys, 2);
  const total = graph.node('Add', [before, sizeOf(graph, ids, 1)]);
  const result = backbone(plan, [{ expert: 'B', rows: placeTokens(graph, ids, before) }], {
    keep: [{ from: graph.integers([-1]) }],
    scores: { bias: causalBias(graph, { before, total, picture: 0 }) },
    shared: (layer) => layerOf(graph, image, layer),
    past: (layer) => layerOf(graph, past, layer),
  });
  captionLogits(plan, result.rows[0], 1);
  outputStore(plan, 'text', concatenatedStore(plan, result.own, [0, -1], past));
}
