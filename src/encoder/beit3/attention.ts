import type { GraphBuilder, Value } from '../onnx/graph-builder.js';
import { CONTRIB_DOMAIN, DATA_TYPE } from '../onnx/onnx-schema.js';
import type { Architecture } from './architecture.js';

/**
 * Added to the score of a padded key. Large enough that its softmax is exactly zero, and finite: no NaN in rows that see
 * nothing else.
 */
const PADDED = -3e38;

/** [N, rows, D] each, the heads side by side in D. */
export interface KeysAndValues {
  readonly keys: Value;
  readonly values: Value;
}

export interface ScoreTerms {
  /** int32 [N, all keys]: 1 = attend, 0 = padding. Absent where nothing is padded. */
  readonly keyMask?: Value;
  /** float32 [1, 1, queries, keys], added to the scores: which row may see which. */
  readonly bias?: Value;
}

export interface AttentionOptions {
  readonly scores: ScoreTerms;
  /** Gives the probabilities, [N, heads, queries, keys], as this output of the graph. */
  readonly probabilities?: string;
}

/** [N, rows, D] → [N, heads, rows, D / heads], or the last two axes the other way round. */
function headsApart(graph: GraphBuilder, x: Value, heads: number, width: number, perm: number[]): Value {
  const parted = graph.node('Reshape', [x, graph.integers([0, -1, heads, width / heads])]);
  return graph.node('Transpose', [parted], { attributes: { perm } });
}

/** The same attention in single operators, for those who want to see its probabilities. */
function openAttention(
  graph: GraphBuilder,
  query: Value,
  { keys, values }: KeysAndValues,
  { heads, width }: Architecture,
  { keyMask, bias }: ScoreTerms,
  output: string,
): Value {
  const scaled = graph.node('Div', [query, graph.scalar(Math.sqrt(width / heads))]);
  let scores = graph.node('MatMul', [
    headsApart(graph, scaled, heads, width, [0, 2, 1, 3]),
    headsApart(graph, keys, heads, width, [0, 2, 3, 1]),
  ]);
  if (bias !== undefined) scores = graph.node('Add', [scores, bias]);
  if (keyMask !== undefined) {
    const padded = graph.node('Sub', [graph.integers(1, 'int32'), keyMask]);
    const numbers = graph.node('Cast', [padded], { attributes: { to: DATA_TYPE.float32 } });
    const terms = graph.node('Mul', [numbers, graph.scalar(PADDED)]);
    scores = graph.node('Add', [scores, graph.node('Unsqueeze', [terms, graph.integers([1, 2])])]);
  }
  const probabilities = graph.node('Softmax', [scores], { attributes: { axis: -1 } });
  graph.output(output, probabilities, 'float32', ['batch', heads, 'queries', 'keys']);
  const context = graph.node('MatMul', [
    probabilities,
    headsApart(graph, values, heads, width, [0, 2, 1, 3]),
  ]);
  const merged = graph.node('Transpose', [context], { attributes: { perm: [0, 2, 1, 3] } });
  return graph.node('Reshape', [merged, graph.integers([0, -1, width])]);
}

/** Attention over all heads, their results side by side: [N, queries, D]. */
export function attend(
  graph: GraphBuilder,
  query: Value,
  joint: KeysAndValues,
  architecture: Architecture,
  { scores, probabilities }: AttentionOptions,
): Value {
  if (probabilities !== undefined)
    return openAttention(graph, query, joint, architecture, scores, probabilities);
  const { keyMask, bias } = scores;
  const absent = '';
  const inputs = [query, joint.keys, joint.values, absent, keyMask ?? absent, bias ?? absent];
  while (inputs.at(-1) === absent) inputs.pop();
  return graph.node('MultiHeadAttention', inputs, {
    domain: CONTRIB_DOMAIN,
    attributes: { num_heads: architecture.heads, mask_filter_value: { float: PADDED } },
  });
}
