/**
 * One multiway layer: pre-norm attention over all tokens of both kinds, then a feed-forward, each with a norm of its own
 * in the middle ("sub-LN"). Projections, norms and feed-forward exist twice, as experts A (image) and B (text); only the
 * attention itself is shared.
 *
 * What differs from the official code: the rows of the two experts stay apart all the way and meet only as queries, keys
 * and values, so that nothing is ever concatenated and split again but those. And where only the first row is asked for
 * (the class token's, in the last layer), the others still serve as keys and values but are not computed any further:
 * the same numbers for about a layer's worth of work less.
 */
import type { GraphBuilder, Value } from '../onnx/graph-builder.js';
import { CONTRIB_DOMAIN } from '../onnx/onnx-schema.js';
import type { Architecture } from './architecture.js';
import { linear } from './precision.js';
import type { Expert } from './weights.js';

/** 1e-5 everywhere, heads included. */
const EPSILON = 1e-5;

/** Added to a masked score. Large enough that its softmax is exactly zero, and finite: no NaN in fully padded rows. */
const MASKED = -3e38;

/** Hidden rows that go through one expert: [N, rows, D]. */
export interface Stream {
  readonly expert: Expert;
  readonly rows: Value;
}

export interface LayerOptions {
  /** int32 [N, all rows]: 1 = attend, 0 = padding. Absent where nothing is padded. */
  readonly keyMask?: Value;
  /** `first`: only the first row of the first stream is wanted from here on. */
  readonly keep: 'all' | 'first';
  /** Rows of the first stream; needed to part two streams after the attention. */
  readonly firstRows: number;
}

export function layerNorm(graph: GraphBuilder, x: Value, name: string): Value {
  return graph.node('LayerNormalization', [x, graph.weight(`${name}.weight`), graph.weight(`${name}.bias`)], {
    attributes: { axis: -1, epsilon: { float: EPSILON } },
  });
}

/** Exact GELU by the error function, never the tanh approximation. */
export function gelu(graph: GraphBuilder, x: Value): Value {
  return graph.node('Gelu', [x], { attributes: { approximate: 'none' } });
}

/** Rows `from` … `to` − 1 of the second axis. */
export function sliceRows(graph: GraphBuilder, x: Value, from: number, to: number): Value {
  return graph.node('Slice', [x, graph.integers([from]), graph.integers([to]), graph.integers([1])]);
}

const END = Number.MAX_SAFE_INTEGER;

function attention(
  graph: GraphBuilder,
  qkv: readonly Value[],
  { width, heads }: Architecture,
  { keyMask, keep }: LayerOptions,
): Value {
  const joint = qkv.length === 1 ? (qkv[0] as Value) : graph.node('Concat', qkv, { attributes: { axis: 1 } });
  const [query, key, value] = graph.nodes('Split', [joint, graph.integers([width, width, width])], 3, {
    attributes: { axis: -1 },
  }) as [Value, Value, Value];
  const asked = keep === 'first' ? sliceRows(graph, query, 0, 1) : query;
  const noBias = '';
  const inputs = keyMask === undefined ? [asked, key, value] : [asked, key, value, noBias, keyMask];
  return graph.node('MultiHeadAttention', inputs, {
    domain: CONTRIB_DOMAIN,
    attributes: { num_heads: heads, mask_filter_value: { float: MASKED } },
  });
}

function contextOf(
  graph: GraphBuilder,
  context: Value,
  stream: number,
  streams: number,
  firstRows: number,
): Value {
  if (streams === 1) return context;
  return stream === 0 ? sliceRows(graph, context, 0, firstRows) : sliceRows(graph, context, firstRows, END);
}

/** @returns the streams after the layer; with `keep: 'first'` only the first one, of one row */
export function multiwayLayer(
  graph: GraphBuilder,
  layer: number,
  streams: readonly Stream[],
  architecture: Architecture,
  options: LayerOptions,
): Stream[] {
  const qkv = streams.map(({ expert, rows }) => {
    const name = `layers.${layer}.${expert}`;
    return linear(graph, layerNorm(graph, rows, `${name}.attention_norm`), `${name}.qkv`);
  });
  const context = attention(graph, qkv, architecture, options);
  const kept = options.keep === 'first' ? streams.slice(0, 1) : streams;
  return kept.map(({ expert, rows }, index) => {
    const name = `layers.${layer}.${expert}`;
    const own = contextOf(graph, context, index, kept.length, options.firstRows);
    const attended = linear(graph, layerNorm(graph, own, `${name}.context_norm`), `${name}.out`);
    const x = graph.node('Add', [options.keep === 'first' ? sliceRows(graph, rows, 0, 1) : rows, attended]);
    const hidden = gelu(
      graph,
      linear(graph, layerNorm(graph, x, `${name}.feed_forward_norm`), `${name}.fc1`),
    );
    const fed = linear(graph, layerNorm(graph, hidden, `${name}.hidden_norm`), `${name}.fc2`);
    return { expert, rows: graph.node('Add', [x, fed]) };
  });
}
