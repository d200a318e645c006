/**
 * Graphs of a captioning model. It guesses words under `<mask>`: for word t the input is `<s>`, the words before it and one
 * `<mask>`, and the logits are read at the mask. A picture never sees the text, so its keys and values are computed once
 * and serve every text that is tried on it.
 *
 * Stored keys and values are [N, layers, rows, D]. Those of a picture may have one row of batch for many texts.
 */
import type { GraphBuilder, Value } from '../onnx/graph-builder.js';
import { DATA_TYPE } from '../onnx/onnx-schema.js';
import { patchCount } from './architecture.js';
import type { KeysAndValues } from './attention.js';
import { backbone, type BackboneResult } from './backbone.js';
import type { GraphPlan } from './graph-plan.js';
import { embedImage, embedText, jointKeyMask, pixelInput, placeTokens, textInput } from './input-rows.js';
import { linear } from './precision.js';
import { concatenated, END, sizeOf, sliceRows } from './row-operators.js';
import { causalBias, scoringBias } from './visibility.js';

function imageRowCount({ architecture }: GraphPlan): number {
  return patchCount(architecture) + 1;
}

function captionLogits({ graph, architecture }: GraphPlan, rows: Value | undefined): void {
  const logits = linear(graph, rows ?? '', 'head.words');
  graph.output('caption_logits', logits, 'float32', ['N', 'T', architecture.vocabulary]);
}

/** `image_keys` and so on: the rows `from` … `to` − 1 of every layer, behind those of `past` where there are any. */
function outputStore(
  { graph, architecture }: GraphPlan,
  name: 'image' | 'text',
  { own }: Pick<BackboneResult, 'own'>,
  [from, to]: readonly [number, number],
  past?: KeysAndValues,
): void {
  for (const part of ['keys', 'values'] as const) {
    const layers = own.map((layer) =>
      graph.node('Unsqueeze', [sliceRows(graph, layer[part], from, to), graph.integers([1])]),
    );
    const stacked = concatenated(graph, layers, 1);
    const store = past ? concatenated(graph, [past[part], stacked], 2) : stacked;
    const shape = ['N', architecture.layers, `${name}_rows`, architecture.width];
    graph.output(`${name}_${part}`, store, 'float32', shape);
  }
}

/** One layer of a store, [N, rows, D]. */
function layerOf(graph: GraphBuilder, { keys, values }: KeysAndValues, layer: number): KeysAndValues {
  const part = (store: Value): Value =>
    graph.node('Gather', [store, graph.integers(layer)], { attributes: { axis: 1 } });
  return { keys: part(keys), values: part(values) };
}

/** The inputs `image_keys` and `image_values`. */
function imageStore(plan: GraphPlan): KeysAndValues {
  const { graph, architecture } = plan;
  const shape = ['M', architecture.layers, imageRowCount(plan), architecture.width];
  return {
    keys: graph.input('image_keys', 'float32', shape),
    values: graph.input('image_values', 'float32', shape),
  };
}

/** One layer of a picture's store, spread over the texts. Layer by layer: all at once would be gigabytes. */
function spreadLayer(graph: GraphBuilder, store: KeysAndValues, layer: number, ids: Value): KeysAndValues {
  const texts = concatenated(graph, [sizeOf(graph, ids, 0), graph.integers([1, 1])], 0);
  const { keys, values } = layerOf(graph, store, layer);
  return {
    keys: graph.node('Expand', [keys, texts]),
    values: graph.node('Expand', [values, texts]),
  };
}

/** Picture and text in one pass under the captioning mask. */
function captionPass(plan: GraphPlan, ids: Value, textRows: Value, keyMask?: Value): BackboneResult {
  const { graph } = plan;
  const picture = imageRowCount(plan);
  const image = embedImage(plan, pixelInput(plan));
  const total = graph.node('Add', [sizeOf(graph, ids, 1), graph.integers([picture])]);
  const bias = causalBias(graph, { before: graph.integers([0]), total, picture });
  return backbone(
    plan,
    [
      { expert: 'A', rows: image },
      { expert: 'B', rows: textRows },
    ],
    { keep: ['none', 'all'], scores: { bias, ...(keyMask !== undefined && { keyMask }) } },
  );
}

/** `pixels`, `input_ids`, `attention_mask` → `caption_logits` [N, T, V]. */
export function captionGraph(plan: GraphPlan): void {
  const text = textInput(plan);
  const mask = jointKeyMask(plan, text);
  const result = captionPass(plan, text.ids, embedText(plan.graph, text), mask);
  captionLogits(plan, result.rows[0]);
}

/**
 * `pixels`, `input_ids` [N, T] that end with `<mask>` → `caption_logits` [N, T, V], the picture's keys and values, and those
 * of the text without its mask.
 */
export function captionPrefillGraph(plan: GraphPlan): void {
  const ids = plan.graph.input('input_ids', 'int64', ['N', 'T']);
  const result = captionPass(plan, ids, placeTokens(plan.graph, ids));
  captionLogits(plan, result.rows[0]);
  const picture = imageRowCount(plan);
  outputStore(plan, 'image', result, [0, picture]);
  outputStore(plan, 'text', result, [picture, -1]);
}

/**
 * `input_ids` [N, 2], the newest word and `<mask>`, behind the picture's keys and values and `past_keys`, `past_values` of
 * the words before → `caption_logits` [N, 2, V] and the text's keys and values with the newest word and without the mask.
 */
export function captionStepGraph(plan: GraphPlan): void {
  const { graph, architecture } = plan;
  const picture = imageRowCount(plan);
  const ids = graph.input('input_ids', 'int64', ['N', 'T']);
  const image = imageStore(plan);
  const shape = ['N', architecture.layers, 'past_rows', architecture.width];
  const past: KeysAndValues = {
    keys: graph.input('past_keys', 'float32', shape),
    values: graph.input('past_values', 'float32', shape),
  };
  const words = sizeOf(graph, past.keys, 2);
  const before = graph.node('Add', [words, graph.integers([picture])]);
  const total = graph.node('Add', [before, sizeOf(graph, ids, 1)]);
  const result = backbone(plan, [{ expert: 'B', rows: placeTokens(graph, ids, words) }], {
    keep: ['all'],
    scores: { bias: causalBias(graph, { before, total, picture }) },
    past: (layer) => {
      const seen = spreadLayer(graph, image, layer, ids);
      const said = layerOf(graph, past, layer);
      return {
        keys: concatenated(graph, [seen.keys, said.keys], 1),
        values: concatenated(graph, [seen.values, said.values], 1),
      };
    },
  });
  captionLogits(plan, result.rows[0]);
  outputStore(plan, 'text', result, [0, -1], past);
}

/** `pixels` → `image_keys`, `image_values` [N, layers, patches + 1, D]. */
export function captionImageGraph(plan: GraphPlan): void {
  const rows = embedImage(plan, pixelInput(plan));
  const result = backbone(plan, [{ expert: 'A', rows }], { keep: ['none'] });
  outputStore(plan, 'image', result, [0, END]);
}

/**
 * `input_ids`, `attention_mask` [N, T] as the tokenizer gives them, `<s>` first and `</s>` last, behind the picture's keys
 * and values → `token_log_probs` [N, T − 1] of the words and of `</s>`, 0 where there is padding. Their sum is the
 * logarithm of the caption's probability.
 *
 * One pass instead of one a word, and exact: behind the tokens stands a `<mask>` for every word, at the word's position,
 * and sees what the mask of its own step would see. The tokens see no mask, so they are the same in every step.
 */
export function captionScoreGraph(plan: GraphPlan): void {
  const { graph, options } = plan;
  const text = textInput(plan);
  const image = imageStore(plan);
  const context = sliceRows(graph, text.ids, 0, -1);
  const targets = sliceRows(graph, text.ids, 1, END);
  const words = sizeOf(graph, context, 1);
  const shape = graph.node('Shape', [context]);
  const masks = graph.node('Expand', [graph.integers([options.maskToken ?? 0]), shape]);
  const rows = concatenated(
    graph,
    [placeTokens(graph, context), placeTokens(graph, masks, graph.integers([1]))],
    1,
  );
  const result = backbone(plan, [{ expert: 'B', rows }], {
    keep: ['all'],
    scores: { bias: scoringBias(graph, words, imageRowCount(plan)) },
    past: (layer) => spreadLayer(graph, image, layer, text.ids),
  });
  const asked = graph.node('Slice', [
    result.rows[0] ?? '',
    words,
    graph.integers([END]),
    graph.integers([1]),
  ]);
  const logProbs = graph.node('LogSoftmax', [linear(graph, asked, 'head.words')], {
    attributes: { axis: -1 },
  });
  const column = graph.node('Unsqueeze', [targets, graph.integers([2])]);
  const chosen = graph.node('GatherElements', [logProbs, column], { attributes: { axis: 2 } });
  const list = graph.node('Squeeze', [chosen, graph.integers([2])]);
  const attended = graph.node('Cast', [sliceRows(graph, text.attended, 1, END)], {
    attributes: { to: DATA_TYPE.float32 },
  });
  graph.output('token_log_probs', graph.node('Mul', [list, attended]), 'float32', ['N', 'T_minus_1']);
}
