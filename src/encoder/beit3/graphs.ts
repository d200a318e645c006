/**
 * The graphs of a bundle: image and text alone (the dual encoder), and both together (the fused mode). Names, types and
 * shapes of inputs and outputs are a contract with anyone who runs a bundle without Sightline.
 */
import type { GraphBuilder, Value } from '../onnx/graph-builder.js';
import { DATA_TYPE } from '../onnx/onnx-schema.js';
import { type Architecture, patchCount } from './architecture.js';
import { gelu, layerNorm, multiwayLayer, type Stream } from './multiway-layer.js';
import { linear } from './precision.js';
import type { PixelInput } from './weights.js';

const CHANNELS = 3;

/** Below this length a vector is not divided by its own length. */
const NORM_FLOOR = 1e-12;

/** The number of rows of the batch, as a one-element tensor. */
function batchSize(graph: GraphBuilder, x: Value): Value {
  return graph.node('Shape', [x], { attributes: { start: 0, end: 1 } });
}

/** pixels [N, S, S, 3] → [N, patches + 1, D], the class token first. */
function embedImage(graph: GraphBuilder, architecture: Architecture, pixelInput: PixelInput): Value {
  const { imageSize, patchSize, width } = architecture;
  const grid = imageSize / patchSize;
  const pixels = graph.input('pixels', pixelInput, ['N', imageSize, imageSize, CHANNELS]);
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
  const patches = graph.node('Add', [projected, graph.weight('vision.position')]);
  const shape = graph.node('Concat', [batchSize(graph, pixels), graph.integers([1, width])], {
    attributes: { axis: 0 },
  });
  const classToken = graph.node('Expand', [graph.weight('vision.class'), shape]);
  return graph.node('Concat', [classToken, patches], { attributes: { axis: 1 } });
}

interface TextInput {
  /** [N, T, D], padded rows zero. */
  readonly rows: Value;
  /** int32 [N, T], 1 = token. */
  readonly mask: Value;
}

function embedText(graph: GraphBuilder): TextInput {
  const ids = graph.input('input_ids', 'int64', ['N', 'T']);
  const attended = graph.input('attention_mask', 'int64', ['N', 'T']);
  // The narrow rows are gathered before they are widened, not the whole table.
  const gathered = graph.node('Gather', [graph.weight('text.table'), ids]);
  const tokens =
    graph.weightType('text.table') === 'float32'
      ? gathered
      : graph.node('Cast', [gathered], { attributes: { to: DATA_TYPE.float32 } });
  const length = graph.node('Shape', [ids], { attributes: { start: 1, end: 2 } });
  const positions = graph.node('Slice', [
    graph.weight('text.position'),
    graph.integers([0]),
    length,
    graph.integers([0]),
  ]);
  const placed = graph.node('Add', [tokens, positions]);
  const mask = graph.node('Cast', [attended], { attributes: { to: DATA_TYPE.int32 } });
  const factor = graph.node('Unsqueeze', [
    graph.node('Cast', [attended], { attributes: { to: DATA_TYPE.float32 } }),
    graph.integers([2]),
  ]);
  return { rows: graph.node('Mul', [placed, factor]), mask };
}

/** All layers; returns the first row of the first stream, [N, D], after the final norm where the model has one. */
function firstRow(
  graph: GraphBuilder,
  architecture: Architecture,
  streams: readonly Stream[],
  keyMask?: Value,
): Value {
  const last = architecture.layers - 1;
  const firstRows = patchCount(architecture) + 1;
  let current = [...streams];
  for (let layer = 0; layer <= last; layer++) {
    current = multiwayLayer(graph, layer, current, architecture, {
      keep: layer === last ? 'first' : 'all',
      firstRows,
      ...(keyMask === undefined ? {} : { keyMask }),
    });
  }
  const { expert, rows } = current[0] as Stream;
  const row = graph.node('Squeeze', [rows, graph.integers([1])]);
  return architecture.finalNorm ? layerNorm(graph, row, `final_norm.${expert}`) : row;
}

/** Projects into the shared space and divides by the length. */
function embedding(graph: GraphBuilder, row: Value, head: string, width: number): void {
  const projected = linear(graph, row, head);
  const length = graph.node('ReduceL2', [projected, graph.integers([1])], { attributes: { keepdims: 1 } });
  const divisor = graph.node('Max', [length, graph.scalar(NORM_FLOOR)]);
  graph.output('embedding', graph.node('Div', [projected, divisor]), 'float32', ['N', width]);
}

/** `pixels` → `embedding`. */
export function imageGraph(graph: GraphBuilder, architecture: Architecture, pixelInput: PixelInput): void {
  const rows = embedImage(graph, architecture, pixelInput);
  const row = firstRow(graph, architecture, [{ expert: 'A', rows }]);
  embedding(graph, row, 'head.vision', architecture.width);
}

/** `input_ids`, `attention_mask` → `embedding`. */
export function textGraph(graph: GraphBuilder, architecture: Architecture): void {
  const { rows, mask } = embedText(graph);
  const row = firstRow(graph, architecture, [{ expert: 'B', rows }], mask);
  embedding(graph, row, 'head.language', architecture.width);
}

/** `pixels`, `input_ids`, `attention_mask`, paired by row → `match_logits` [N, 2], class 1 = match. */
export function fusedGraph(graph: GraphBuilder, architecture: Architecture, pixelInput: PixelInput): void {
  const imageRows = embedImage(graph, architecture, pixelInput);
  const text = embedText(graph);
  const shape = graph.node(
    'Concat',
    [batchSize(graph, text.mask), graph.integers([patchCount(architecture) + 1])],
    {
      attributes: { axis: 0 },
    },
  );
  const imageMask = graph.node('Expand', [graph.integers([1], 'int32'), shape]);
  const mask = graph.node('Concat', [imageMask, text.mask], { attributes: { axis: 1 } });
  const streams: Stream[] = [
    { expert: 'A', rows: imageRows },
    { expert: 'B', rows: text.rows },
  ];
  const row = firstRow(graph, architecture, streams, mask);
  const pooled = graph.node('Tanh', [
    linear(graph, layerNorm(graph, row, 'head.match.pool_norm'), 'head.match.pool'),
  ]);
  const hidden = layerNorm(graph, linear(graph, pooled, 'head.match.hidden'), 'head.match.hidden_norm');
  graph.output('match_logits', linear(graph, gelu(graph, hidden), 'head.match.classes'), 'float32', ['N', 2]);
}
