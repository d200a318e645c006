/** Keys and values that captioning graphs hand to one another: [N, layers, rows, D]. */
import type { Dimension, GraphBuilder, Value } from '../onnx/graph-builder.js';
import { patchCount } from './architecture.js';
import type { KeysAndValues } from './attention.js';
import type { GraphPlan } from './graph-plan.js';
import { concatenated, sliceRows } from './row-operators.js';

export function imageRowCount({ architecture }: GraphPlan): number {
  return patchCount(architecture) + 1;
}

/** The rows `from` … `to` − 1 of every layer as a store, behind those of `past` where there are any. */
export function concatenatedStore(
  { graph }: GraphPlan,
  own: readonly KeysAndValues[],
  [from, to]: readonly [number, number],
  past?: KeysAndValues,
): KeysAndValues {
  const part = (which: 'keys' | 'values'): Value => {
    const layers = own.map((layer) =>
      graph.node('Unsqueeze', [sliceRows(graph, layer[which], from, to), graph.integers([1])]),
    );
    const stacked = concatenated(graph, layers, 1);
    return past ? concatenated(graph, [past[which], stacked], 2) : stacked;
  };
  return { keys: part('keys'), values: part('values') };
}

/** Gives the outputs `image_keys`, `image_values` and so on. */
export function outputStore(
  { graph, architecture }: GraphPlan,
  name: 'image' | 'text' | 'context',
  store: KeysAndValues,
): void {
  const shape = ['N', architecture.layers, `${name}_rows`, architecture.width];
  graph.output(`${name}_keys`, store.keys, 'float32', shape);
  graph.output(`${name}_values`, store.values, 'float32', shape);
}

/** The inputs `image_keys`, `image_values` and so on. */
export function storeInput(
  { graph, architecture }: GraphPlan,
  name: 'image' | 'past' | 'context',
  [batch, rows]: readonly [Dimension, Dimension],
): KeysAndValues {
  const shape = [batch, architecture.layers, rows, architecture.width];
  return {
    keys: graph.input(`${name}_keys`, 'float32', shape),
    values: graph.input(`${name}_values`, 'float32', shape),
  };
}

/** One layer of a store, [N, rows, D]. */
export function layerOf(graph: GraphBuilder, { keys, values }: KeysAndValues, layer: number): KeysAndValues {
  const part = (store: Value): Value =>
    graph.node('Gather', [store, graph.integers(layer)], { attributes: { axis: 1 } });
  return { keys: part(keys), values: part(values) };
}
