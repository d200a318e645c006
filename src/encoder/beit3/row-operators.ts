import type { GraphBuilder, Value } from '../onnx/graph-builder.js';

/** 1e-5 everywhere, heads included. */
const EPSILON = 1e-5;

/** As the end of a slice: up to the last row, whatever their number. */
export const END: number = Number.MAX_SAFE_INTEGER;

export function layerNorm(graph: GraphBuilder, x: Value, name: string): Value {
  return graph.node('LayerNormalization', [x, graph.weight(`${name}.weight`), graph.weight(`${name}.bias`)], {
    attributes: { axis: -1, epsilon: { float: EPSILON } },
  });
}

/** Exact GELU by the error function, never the tanh approximation. */
export function gelu(graph: GraphBuilder, x: Value): Value {
  return graph.node('Gelu', [x], { attributes: { approximate: 'none' } });
}

/** Rows `from` … `to` − 1 of an axis; negative numbers count from its end. */
export function sliceRows(graph: GraphBuilder, x: Value, from: number, to: number, axis = 1): Value {
  return graph.node('Slice', [x, graph.integers([from]), graph.integers([to]), graph.integers([axis])]);
}

/** One after the other along an axis; a single one as it is. */
export function concatenated(graph: GraphBuilder, parts: readonly Value[], axis: number): Value {
  return parts.length === 1 ? (parts[0] as Value) : graph.node('Concat', parts, { attributes: { axis } });
}

/** The size of one axis, as a one-element tensor. */
export function sizeOf(graph: GraphBuilder, x: Value, axis: number): Value {
  return graph.node('Shape', [x], { attributes: { start: axis, end: axis + 1 } });
}
