/**
 * How the weights of a linear layer are kept, and how the graph multiplies by them.
 *
 * - `fp32`: as they are.
 * - `fp16`: half the bytes on disk; widened when the session loads, so the arithmetic stays float32.
 * - `int8`: one scale per output channel, symmetric; activations are quantised as they come (one range for a whole batch).
 *   Weights use 7 of the 8 bits: processors without VNNI add two products of an unsigned and a signed byte into 16 bits,
 *   which 8-bit weights can overflow without any sign of it.
 *
 * Norms, positions, the class token and the patch projection stay float32 in every precision: they are small, and the
 * patch projection sees raw pixel values. The text table and the projections into the shared space, where an error would
 * go straight into the embedding, are float16 at least.
 */
import { toFloat16 } from '../checkpoint/half-float.js';
import type { GraphBuilder, Value } from '../onnx/graph-builder.js';
import { CONTRIB_DOMAIN, DATA_TYPE } from '../onnx/onnx-schema.js';
import type { WeightFile } from '../onnx/weight-file.js';

export const PRECISIONS = ['fp32', 'fp16', 'int8'] as const;
export type Precision = (typeof PRECISIONS)[number];

const INT8_LEVELS = 63;

/** A matrix as PyTorch keeps it, [out, in], with its bias. */
export interface LinearWeights {
  readonly weight: Float32Array;
  readonly outputs: number;
  readonly inputs: number;
  readonly bias?: Float32Array;
}

/** [out, in] to [in, out]: what a product with row vectors wants. */
function transposed(matrix: Float32Array, rows: number, columns: number): Float32Array {
  const result = new Float32Array(matrix.length);
  for (let r = 0; r < rows; r++) {
    for (let c = 0; c < columns; c++) result[c * rows + r] = matrix[r * columns + c] as number;
  }
  return result;
}

function quantised({ weight, outputs, inputs }: LinearWeights): { values: Int8Array; scales: Float32Array } {
  const values = new Int8Array(weight.length);
  const scales = new Float32Array(outputs);
  for (let row = 0; row < outputs; row++) {
    const channel = weight.subarray(row * inputs, (row + 1) * inputs);
    const largest = channel.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
    const scale = largest === 0 ? 1 : largest / INT8_LEVELS;
    scales[row] = scale;
    for (let column = 0; column < inputs; column++) {
      values[column * outputs + row] = Math.round((channel[column] as number) / scale);
    }
  }
  return { values, scales };
}

/** Writes one tensor as float32, or as float16 where the bundle's precision is lower. */
export async function writeTable(
  weights: WeightFile,
  name: string,
  shape: readonly number[],
  values: Float32Array,
  precision: Precision,
): Promise<void> {
  if (precision === 'fp32') await weights.add(name, 'float32', shape, values);
  else await weights.add(name, 'float16', shape, toFloat16(values));
}

export async function writeLinear(
  weights: WeightFile,
  name: string,
  layer: LinearWeights,
  precision: Precision,
): Promise<void> {
  const shape = [layer.inputs, layer.outputs];
  if (precision === 'int8') {
    const { values, scales } = quantised(layer);
    await weights.add(`${name}.weight`, 'int8', shape, values);
    await weights.add(`${name}.scale`, 'float32', [layer.outputs], scales);
  } else {
    const matrix = transposed(layer.weight, layer.outputs, layer.inputs);
    await writeTable(weights, `${name}.weight`, shape, matrix, precision);
  }
  if (layer.bias) await weights.add(`${name}.bias`, 'float32', [layer.outputs], layer.bias);
}

/** A stored tensor as float32, whatever it is kept as. */
export function widened(graph: GraphBuilder, name: string): Value {
  const value = graph.weight(name);
  if (graph.weightType(name) === 'float32') return value;
  return graph.node('Cast', [value], { attributes: { to: DATA_TYPE.float32 } });
}

/** y = x W + b on the last axis. */
export function linear(graph: GraphBuilder, x: Value, name: string): Value {
  const bias = graph.hasWeight(`${name}.bias`) ? graph.weight(`${name}.bias`) : undefined;
  if (graph.weightType(`${name}.weight`) === 'int8') {
    const symmetric = '';
    const inputs = [x, graph.weight(`${name}.weight`), graph.weight(`${name}.scale`), symmetric];
    return graph.node('DynamicQuantizeMatMul', bias === undefined ? inputs : [...inputs, bias], {
      domain: CONTRIB_DOMAIN,
    });
  }
  const product = graph.node('MatMul', [x, widened(graph, `${name}.weight`)]);
  return bias === undefined ? product : graph.node('Add', [product, bias]);
}
