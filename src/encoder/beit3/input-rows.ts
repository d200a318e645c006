/** How pictures and texts become the first hidden rows: patches and tokens, each with its position. */
import type { GraphBuilder, Value } from '../onnx/graph-builder.js';
import { DATA_TYPE } from '../onnx/onnx-schema.js';
import { gridSide, patchCount } from './architecture.js';
import type { GraphPlan } from './graph-plan.js';
import { sizeOf } from './row-operators.js';

const CHANNELS = 3;

export function pixelInput({ graph, architecture, options }: GraphPlan, name = 'pixels'): Value {
  const { imageSize } = architecture;
  return graph.input(name, options.pixelInput, ['N', imageSize, imageSize, CHANNELS]);
}

/** Where `marked` (int64 [N, patches]) is not zero, the mask's row takes the patch's place. */
function maskPatches(graph: GraphBuilder, projected: Value, marked: Value): Value {
  const hidden = graph.node('Equal', [marked, graph.integers(0)]);
  const column = graph.node('Unsqueeze', [hidden, graph.integers([2])]);
  return graph.node('Where', [column, projected, graph.weight('vision.mask')]);
}

/** pixels [N, S, S, 3] → [N, patches + 1, D], the class token first. */
export function embedImage(plan: GraphPlan, pixels: Value, maskedPatches?: Value): Value {
  const { graph, architecture } = plan;
  const { patchSize, width } = architecture;
  const grid = gridSide(architecture);
  const squares = graph.node('Reshape', [
    pixels,
    graph.integers([-1, grid, patchSize, grid, patchSize, CHANNELS]),
  ]);
  // Transposed as bytes: a quarter of the memory traffic of doing it after the cast.
  const ordered = graph.node('Transpose', [squares], { attributes: { perm: [0, 1, 3, 2, 4, 5] } });
  const flat = graph.node('Reshape', [
    ordered,
    graph.integers([-1, patchCount(architecture), patchSize * patchSize * CHANNELS]),
  ]);
  const numbers = graph.node('Cast', [flat], { attributes: { to: DATA_TYPE.float32 } });
  const projected = graph.node('MatMul', [numbers, graph.weight('vision.patch')]);
  const shown = maskedPatches === undefined ? projected : maskPatches(graph, projected, maskedPatches);
  const patches = graph.node('Add', [shown, graph.weight('vision.position')]);
  const shape = graph.node('Concat', [sizeOf(graph, pixels, 0), graph.integers([1, width])], {
    attributes: { axis: 0 },
  });
  const classToken = graph.node('Expand', [graph.weight('vision.class'), shape]);
  return graph.node('Concat', [classToken, patches], { attributes: { axis: 1 } });
}

/** Rows of the text table for ids of any shape, as float32. */
function tokenRows(graph: GraphBuilder, ids: Value): Value {
  // The narrow rows are gathered before they are widened, not the whole table.
  const gathered = graph.node('Gather', [graph.weight('text.table'), ids]);
  if (graph.weightType('text.table') === 'float32') return gathered;
  return graph.node('Cast', [gathered], { attributes: { to: DATA_TYPE.float32 } });
}

/** ids [N, T] → [N, T, D], at the positions `from` … `from` + T − 1 (`from` a one-element tensor). */
export function placeTokens(graph: GraphBuilder, ids: Value, from: Value = graph.integers([0])): Value {
  const end = graph.node('Add', [from, sizeOf(graph, ids, 1)]);
  const positions = graph.node('Slice', [graph.weight('text.position'), from, end, graph.integers([0])]);
  return graph.node('Add', [tokenRows(graph, ids), positions]);
}

export interface TextInput {
  readonly ids: Value;
  /** int64 [N, T], 1 = token. */
  readonly attended: Value;
}

export function textInput({ graph }: GraphPlan): TextInput {
  const ids = graph.input('input_ids', 'int64', ['N', 'T']);
  return { ids, attended: graph.input('attention_mask', 'int64', ['N', 'T']) };
}

/** [N, T, D]; padded rows are zero. */
export function embedText(graph: GraphBuilder, { ids, attended }: TextInput): Value {
  const factor = graph.node('Unsqueeze', [
    graph.node('Cast', [attended], { attributes: { to: DATA_TYPE.float32 } }),
    graph.integers([2]),
  ]);
  return graph.node('Mul', [placeTokens(graph, ids), factor]);
}

/** int32 [N, T] from the text's mask alone. */
export function textKeyMask(graph: GraphBuilder, { attended }: TextInput): Value {
  return graph.node('Cast', [attended], { attributes: { to: DATA_TYPE.int32 } });
}

/** int32 [N, image rows + T]: nothing of a picture is padding. */
export function jointKeyMask({ graph, architecture }: GraphPlan, text: TextInput): Value {
  const own = textKeyMask(graph, text);
  const shape = graph.node(
    'Concat',
    [sizeOf(graph, own, 0), graph.integers([patchCount(architecture) + 1])],
    { attributes: { axis: 0 } },
  );
  const image = graph.node('Expand', [graph.integers([1], 'int32'), shape]);
  return graph.node('Concat', [image, own], { attributes: { axis: 1 } });
}
