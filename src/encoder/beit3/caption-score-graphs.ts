/**
 * The probability of a given caption, exactly and in one pass instead of one a word.
 *
 * The model guesses word t under a `<mask>` that stands behind the words before it. Here all masks run at once: behind the
 * words stands a `<mask>` for each, at its word's position, and sees what the mask of its own step would see. No word sees a
 * mask, so the words' rows are the same in every step.
 *
 * What many captions of a picture have in common is computed once, in `caption-image`: the picture, `<s>`, and the
 * probabilities of the first word, which depend on nothing else. `caption-score` then costs two rows for each further word;
 * it multiplies by the shared keys and values without copying them for each caption, and in the last layer only the masks
 * are computed to the end.
 */
import type { GraphBuilder, Value } from '../onnx/graph-builder.js';
import { DATA_TYPE } from '../onnx/onnx-schema.js';
import type { KeysAndValues } from './attention.js';
import { backbone } from './backbone.js';
import { concatenatedStore, imageRowCount, layerOf, outputStore, storeInput } from './caption-store.js';
import { pictureStore } from './caption-graphs.js';
import type { GraphPlan } from './graph-plan.js';
import { placeTokens, textInput } from './input-rows.js';
import { linear } from './precision.js';
import { concatenated, END, sizeOf, sliceRows } from './row-operators.js';
import { causalBias, scoringBias } from './visibility.js';

/** `<s>`, by XLM-R's convention in every tokenizer of BEiT-3. */
const START = 0;

/** Logarithms of the probabilities of all words at these rows, [N, rows, V]. */
function wordLogProbs(graph: GraphBuilder, rows: Value | undefined): Value {
  return graph.node('LogSoftmax', [linear(graph, rows ?? '', 'head.words')], { attributes: { axis: -1 } });
}

/**
 * `pixels` → `context_keys`, `context_values` [N, layers, patches + 2, D] of the picture and `<s>`, and `first_log_probs`
 * [N, V].
 */
export function captionImageGraph(plan: GraphPlan): void {
  const { graph, options, architecture } = plan;
  const picture = pictureStore(plan);
  const keys = picture[0]?.keys ?? '';
  const ids = graph.node('Expand', [
    graph.node('Concat', [graph.integers([START]), graph.integers([options.maskToken ?? 0])], {
      attributes: { axis: 0 },
    }),
    concatenated(graph, [sizeOf(graph, keys, 0), graph.integers([2])], 0),
  ]);
  const result = backbone(plan, [{ expert: 'B', rows: placeTokens(graph, ids) }], {
    keep: [{ from: graph.integers([-1]) }],
    scores: {
      bias: causalBias(graph, { before: graph.integers([0]), total: graph.integers([2]), picture: 0 }),
    },
    shared: (layer) => picture[layer] as KeysAndValues,
  });
  const seen = picture.map(({ keys: pictureKeys, values }, layer) => {
    const text = result.own[layer] as KeysAndValues;
    return {
      keys: concatenated(graph, [pictureKeys, sliceRows(graph, text.keys, 0, 1)], 1),
      values: concatenated(graph, [values, sliceRows(graph, text.values, 0, 1)], 1),
    };
  });
  outputStore(plan, 'context', concatenatedStore(plan, seen, [0, END]));
  const first = graph.node('Squeeze', [wordLogProbs(graph, result.rows[0]), graph.integers([1])]);
  graph.output('first_log_probs', first, 'float32', ['N', architecture.vocabulary]);
}

/** Of [N, rows, V], the entries that `targets` [N, rows] name: [N, rows]. */
function chosen(graph: GraphBuilder, logProbs: Value, targets: Value): Value {
  const column = graph.node('Unsqueeze', [targets, graph.integers([2])]);
  const found = graph.node('GatherElements', [logProbs, column], { attributes: { axis: 2 } });
  return graph.node('Squeeze', [found, graph.integers([2])]);
}

/** The first target of each text in the picture's `first_log_probs`: [N, 1]. */
function firstLogProbs({ graph, architecture }: GraphPlan, ids: Value): Value {
  const { vocabulary } = architecture;
  const stored = graph.input('first_log_probs', 'float32', ['M', vocabulary]);
  const shape = concatenated(graph, [sizeOf(graph, ids, 0), graph.integers([1, vocabulary])], 0);
  const spread = graph.node('Expand', [graph.node('Unsqueeze', [stored, graph.integers([1])]), shape]);
  return chosen(graph, spread, sliceRows(graph, ids, 1, 2));
}

/**
 * `input_ids`, `attention_mask` [N, T] as the tokenizer gives them, `<s>` first and `</s>` last, behind what `caption-image`
 * gave for the picture → `token_log_probs` [N, T − 1] of the words and of `</s>`, 0 where there is padding. Their sum is the
 * logarithm of the caption's probability.
 */
export function captionScoreGraph(plan: GraphPlan): void {
  const { graph, options } = plan;
  const text = textInput(plan);
  const store = storeInput(plan, 'context', ['M', imageRowCount(plan) + 1]);
  const words = sliceRows(graph, text.ids, 1, -1);
  const count = sizeOf(graph, words, 1);
  const mask = graph.integers([options.maskToken ?? 0]);
  const masks = graph.node('Expand', [mask, graph.node('Shape', [words])]);
  const rows = concatenated(
    graph,
    [placeTokens(graph, words, graph.integers([1])), placeTokens(graph, masks, graph.integers([2]))],
    1,
  );
  const result = backbone(plan, [{ expert: 'B', rows }], {
    keep: [{ from: count }],
    scores: { bias: scoringBias(graph, count) },
    shared: (layer) => layerOf(graph, store, layer),
  });
  const later = chosen(graph, wordLogProbs(graph, result.rows[0]), sliceRows(graph, text.ids, 2, END));
  const list = concatenated(graph, [firstLogProbs(plan, text.ids), later], 1);
  const attended = graph.node('Cast', [sliceRows(graph, text.attended, 1, END)], {
    attributes: { to: DATA_TYPE.float32 },
  });
  graph.output('token_log_probs', graph.node('Mul', [list, attended]), 'float32', ['N', 'T_minus_1']);
}
