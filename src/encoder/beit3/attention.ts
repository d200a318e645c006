import type { GraphBuilder, Value } from '../onnx/graph-builder.js';
import { CONTRIB_DOMAIN, DATA_TYPE } from '../onnx/onnx-schema.js';
import type { Architecture } from './architecture.js';
import { concatenated, END, sizeOf } from './row-operators.js';

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
  /** int32 [N, keys]: 1 = attend, 0 = padding. Absent where nothing is padded. */
  readonly keyMask?: Value;
  /** float32 [1, 1, queries, keys], added to the scores: which row may see which. */
  readonly bias?: Value;
}

export interface AttentionOptions {
  /** Of the joint keys; shared ones are seen by all. */
  readonly scores: ScoreTerms;
  /** More keys and values in front, [1 or N, rows, D]: one row of the batch serves them all and is never copied. */
  readonly shared?: KeysAndValues | undefined;
  /** Single operators in place of the fused one. */
  readonly open?: boolean | undefined;
  /** Gives the probabilities, [N, heads, queries, keys], as this output of the graph. */
  readonly probabilities?: string | undefined;
}

/** [N, rows, D] → [N, heads, rows, D / heads], or the last two axes the other way round. */
function headsApart(graph: GraphBuilder, x: Value, heads: number, width: number, perm: number[]): Value {
  const parted = graph.node('Reshape', [x, graph.integers([0, -1, heads, width / heads])]);
  return graph.node('Transpose', [parted], { attributes: { perm } });
}

/** Terms for padded keys, [N, 1, 1, keys]. */
function paddingTerms(graph: GraphBuilder, keyMask: Value): Value {
  const padded = graph.node('Sub', [graph.integers(1, 'int32'), keyMask]);
  const numbers = graph.node('Cast', [padded], { attributes: { to: DATA_TYPE.float32 } });
  const terms = graph.node('Mul', [numbers, graph.scalar(PADDED)]);
  return graph.node('Unsqueeze', [terms, graph.integers([1, 2])]);
}

/**
 * The same attention in single operators: for those who want to see its probabilities, for keys that many rows of the
 * batch share, and for runtimes whose fused operator is wrong.
 */
function openAttention(
  graph: GraphBuilder,
  query: Value,
  joint: KeysAndValues,
  { heads, width }: Architecture,
  { scores: { keyMask, bias }, shared, probabilities: output }: AttentionOptions,
): Value {
  const scaled = graph.node('Div', [query, graph.scalar(Math.sqrt(width / heads))]);
  const asking = headsApart(graph, scaled, heads, width, [0, 2, 1, 3]);
  const against = ({ keys }: KeysAndValues): Value =>
    graph.node('MatMul', [asking, headsApart(graph, keys, heads, width, [0, 2, 3, 1])]);
  const weighed = (weights: Value, { values }: KeysAndValues): Value =>
    graph.node('MatMul', [weights, headsApart(graph, values, heads, width, [0, 2, 1, 3])]);

  let own = against(joint);
  if (bias !== undefined) own = graph.node('Add', [own, bias]);
  if (keyMask !== undefined) own = graph.node('Add', [own, paddingTerms(graph, keyMask)]);
  const scores = concatenated(graph, shared ? [against(shared), own] : [own], 3);
  const probabilities = graph.node('Softmax', [scores], { attributes: { axis: -1 } });
  if (output !== undefined)
    graph.output(output, probabilities, 'float32', ['batch', heads, 'queries', 'keys']);
  let context: Value;
  if (shared) {
    const border = sizeOf(graph, shared.keys, 1);
    const part = (from: Value, to: Value): Value =>
      graph.node('Slice', [probabilities, from, to, graph.integers([3])]);
    const front = weighed(part(graph.integers([0]), border), shared);
    context = graph.node('Add', [front, weighed(part(border, graph.integers([END])), joint)]);
  } else {
    context = weighed(probabilities, joint);
  }
  const merged = graph.node('Transpose', [context], { attributes: { perm: [0, 2, 1, 3] } });
  return graph.node('Reshape', [merged, graph.integers([0, -1, width])]);
}

/** Attention over all heads, their results side by side: [N, queries, D]. */
export function attend(
  graph: GraphBuilder,
  query: Value,
  joint: KeysAndValues,
  architecture: Architecture,
  options: AttentionOptions,
): Value {
  if (options.open || options.shared || options.probabilities !== undefined)
    return openAttention(graph, query, joint, architecture, options);
  const { keyMask, bias } = options.scores;
  const absent = '';
  const inputs = [query, joint.keys, joint.values, absent, keyMask ?? absent, bias ?? absent];
  while (inputs.at(-1) === absent) inputs.pop();
  return graph.node('MultiHeadAttention', inputs, {
    domain: CONTRIB_DOMAIN,
    attributes: { num_heads: architecture.heads, mask_filter_value: { float: PADDED } },
  });
}
